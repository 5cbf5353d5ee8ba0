package webhook

import (
	"fmt"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// BenchmarkOrders is what orders add to every review: of a pod with one model and
// two images, however many orders there are about others.
func BenchmarkOrders(b *testing.B) {
	for _, many := range []int{0, 100, 10_000} {
		memory := NewMemory()
		for n := range many {
			memory.Quarantine(quarantine(fmt.Sprint("order-", n), string(evidence.Sum([]byte(fmt.Sprint(n))))))
		}
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				workload := judge.Workload{Images: []judge.Image{{Digest: servingDigest}, {}}, Models: []judge.ModelUse{{Digest: releasedDigest}}}
				if err := memory.orders.complete(b.Context(), staging, &workload); err != nil || !workload.Models[0].Clear {
					b.Fatal(workload, err)
				}
			}
		})
	}
}
