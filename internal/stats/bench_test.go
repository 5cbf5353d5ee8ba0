package stats_test

import (
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
)

func scored(rows int) (scores []float64, labels []bool) {
	random := rand.New(rand.NewPCG(1, 2))
	scores, labels = make([]float64, rows), make([]bool, rows)
	for i := range scores {
		labels[i] = i%3 == 0
		scores[i] = random.NormFloat64()
		if labels[i] {
			scores[i]++
		}
	}
	return scores, labels
}

// At most a second.
func BenchmarkDeLongMillionRows(b *testing.B) {
	scores, labels := scored(1_000_000)
	for b.Loop() {
		if _, err := stats.DeLong(scores, labels); err != nil {
			b.Fatal(err)
		}
	}
}

// At most five seconds.
func BenchmarkBootstrapAUROC2000Replicates10000Rows(b *testing.B) {
	scores, labels := scored(10_000)
	for b.Loop() {
		if _, err := stats.AUROCEstimate(scores, labels, [32]byte{1}); err != nil {
			b.Fatal(err)
		}
	}
}

// At most two seconds.
func BenchmarkCox100000Rows5Columns(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	const rows, columns = 100_000, 5
	x, time, event := make([][]float64, rows), make([]float64, rows), make([]bool, rows)
	for i := range x {
		x[i] = make([]float64, columns)
		risk := 0.0
		for j := range x[i] {
			x[i][j] = random.NormFloat64()
			risk += x[i][j] * float64(j) / 10
		}
		time[i] = random.ExpFloat64() / (1 + max(risk, -.9))
		event[i] = random.Float64() < .3
	}
	for b.Loop() {
		if _, err := stats.Cox(x, time, event, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoessCalibration100000Rows(b *testing.B) {
	scores, labels := scored(100_000)
	for i, score := range scores {
		scores[i] = min(max((score+6)/13, 0), 1)
	}
	for b.Loop() {
		if _, err := stats.MeasureCalibration(scores, labels, stats.Loess); err != nil {
			b.Fatal(err)
		}
	}
}
