package main

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Sizes of the work.
const (
	scoredRows  = 1_000_000
	resampled   = 10_000 // the first of them
	coxRows     = 100_000
	coxColumns  = 5
	driftRows   = 1_000_000
	driftColumn = 10
)

// data are what the work is done on.
type data struct {
	scores []float64
	labels []bool

	covariates [][]float64
	time       []float64
	event      []bool

	reference, current [][]float64 // by column
}

func generate() data {
	random := rand.New(rand.NewPCG(1, 2))
	var made data
	for row := range scoredRows {
		positive := row%3 == 0
		score := random.NormFloat64()
		if positive {
			score++
		}
		made.scores, made.labels = append(made.scores, score), append(made.labels, positive)
	}
	for range coxRows {
		covariates, risk := make([]float64, coxColumns), 0.0
		for j := range covariates {
			covariates[j] = random.NormFloat64()
			risk += covariates[j] * float64(j) / 10
		}
		made.covariates = append(made.covariates, covariates)
		made.time = append(made.time, random.ExpFloat64()*math.Exp(-risk))
		made.event = append(made.event, random.Float64() < 0.3)
	}
	for column := range driftColumn {
		shift := float64(column*column) / 1000 // the first does not drift
		reference, current := make([]float64, driftRows), make([]float64, driftRows)
		for row := range driftRows {
			reference[row], current[row] = random.NormFloat64(), random.NormFloat64()+shift
		}
		made.reference, made.current = append(made.reference, reference), append(made.current, current)
	}
	return made
}

// write hands the data over as little-endian float64, column after column; the
// covariates row after row.
func (d data) write(dir string) error {
	var covariates, drift []float64
	for _, row := range d.covariates {
		covariates = append(covariates, row...)
	}
	for column := range d.reference {
		drift = append(append(drift, d.reference[column]...), d.current[column]...)
	}
	return errors.Join(
		writeNumbers(dir, "scores", d.scores), writeNumbers(dir, "labels", flags(d.labels)),
		writeNumbers(dir, "covariates", covariates), writeNumbers(dir, "time", d.time), writeNumbers(dir, "event", flags(d.event)),
		writeNumbers(dir, "drift", drift),
	)
}

func flags(values []bool) []float64 {
	numbers := make([]float64, len(values))
	for i, value := range values {
		if value {
			numbers[i] = 1
		}
	}
	return numbers
}

func writeNumbers(dir, name string, numbers []float64) error {
	text := make([]byte, 0, 8*len(numbers))
	for _, number := range numbers {
		text = binary.LittleEndian.AppendUint64(text, math.Float64bits(number))
	}
	return os.WriteFile(filepath.Join(dir, name), text, 0o600)
}
