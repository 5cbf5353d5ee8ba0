package webhook

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// crowd is how many releases of 40 measurements each the door knows in
// BenchmarkAdmitInACrowd; ASSAY_BENCH_RELEASES adds a larger crowd, such as
// 100000.
func crowds(b *testing.B) []int {
	sizes := []int{100, 10_000}
	if text := os.Getenv("ASSAY_BENCH_RELEASES"); text != "" {
		size, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// BenchmarkAdmitInACrowd tells how long a review takes when the door knows many
// releases (p50 and p99), how long it took to open them, and what they weigh.
func BenchmarkAdmitInACrowd(b *testing.B) {
	for _, size := range crowds(b) {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			signer := newMeasurer(b)
			memory := NewMemory()
			memory.Trust(signer.trust)
			before := heap()
			var opening time.Duration
			for i := range size {
				object := signer.weighty(b, i)
				started := time.Now()
				memory.Remember(object)
				opening += time.Since(started)
			}
			weight := heap() - before
			review(b, newHandler(b, realJudge(b), memory), size)
			b.ReportMetric(opening.Seconds(), "s/open")
			b.ReportMetric(float64(weight)/(1<<20), "MiB")
		})
	}
}

func review(b *testing.B, door Handler, size int) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		subject := crowded(i % min(size, 100))
		request := creating(b, podMounting(modelRepository+"/"+subject.Name+"@"+string(subject.Digest), servedBy+servingDigest))
		started := time.Now()
		response := door.Handle(b.Context(), request)
		took = append(took, time.Since(started))
		if !response.Allowed {
			b.Fatal(response.Result.Message)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func heap() uint64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

func crowded(i int) evidence.Subject {
	name := fmt.Sprintf("model-%06d", i)
	return evidence.Subject{Name: name, Digest: evidence.Sum([]byte(name))}
}

// weighty is a release as heavy as real ones: 40 measurements, in five
// statements.
func (m measurer) weighty(b testing.TB, i int) *kube.Release {
	subject := crowded(i)
	object := &kube.Release{
		ObjectMeta: metav1.ObjectMeta{Name: subject.Name},
		Spec:       kube.ReleaseSpec{Model: subject.Name, Environment: staging, Digest: string(subject.Digest)},
	}
	statements := []evidence.Statement{evidence.Trained(subject, evidence.Provenance{})}
	for _, gate := range gates.Names() {
		measured := evidence.Measurements{
			Gate: gate, Environment: staging, Model: evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"},
			Inputs: []evidence.Subject{{Name: "image", Digest: evidence.Digest(servingDigest)}},
		}
		for j := range 8 {
			measured.Measurements = append(measured.Measurements, evidence.Measurement{
				Name: fmt.Sprint("measurement_", j), Group: "sex=female", Value: "0.9132", Low: "0.8871", High: "0.9345", N: 1234, Method: "DeLong, two-sided 95 %",
			})
		}
		statements = append(statements, evidence.Measured(subject, measured))
	}
	for _, statement := range statements {
		envelope, err := m.signer.Sign(b.Context(), statement)
		if err != nil {
			b.Fatal(err)
		}
		object.Spec.Envelopes = append(object.Spec.Envelopes, string(envelope))
	}
	return object
}
