package audit

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// crowd fills the shelf of pods: of each release a hundred.
func (w *world) crowd(b *testing.B, size int) {
	for i := range max(size/100, 1) {
		name := fmt.Sprintf("model-%04d", i)
		w.release(name, evidence.Subject{Name: name, Digest: evidence.Sum([]byte(name))})
	}
	w.pass()
	var list []any
	for i := range size {
		name := fmt.Sprintf("model-%04d", i/100)
		list = append(list, reader{kind: pods, look: w.sight}.shorten(&unstructured.Unstructured{
			Object: pod(fmt.Sprintf("pod-%06d", i), evidence.Subject{Name: name, Digest: evidence.Sum([]byte(name))})}))
	}
	if err := w.hall.shelves[spot{clinic, pods}].Replace(list, ""); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPass tells what a pass over 10,000 pods costs: the first, one when
// nothing has changed, and one when something has.
func BenchmarkPass(b *testing.B) {
	log.SetLogger(logr.Discard())
	const size = 10_000
	pass := func(b *testing.B, w *world) {
		if err := w.Pass(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			w := newWorld(b)
			w.crowd(b, size)
			b.StartTimer()
			pass(b, w)
		}
	})
	for name, happens := range map[string]func(*world, int){
		"unchanged": func(*world, int) {},
		"one-changed": func(w *world, i int) {
			shelf := w.hall.shelves[spot{clinic, pods}]
			shelf.mutex.Lock()
			known := shelf.objects[slices.Min(slices.Collect(maps.Keys(shelf.objects)))]
			shelf.objects[known.name] = &object{name: known.name, sight: known.sight}
			shelf.touch()
			shelf.mutex.Unlock()
		},
	} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b)
			w.crowd(b, size)
			pass(b, w)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				happens(w, i)
				b.StartTimer()
				pass(b, w)
			}
		})
	}
}

// BenchmarkWeight tells what 10,000 pods weigh when they have been judged.
func BenchmarkWeight(b *testing.B) {
	for b.Loop() {
		w := newWorld(b)
		before := heap()
		w.crowd(b, 10_000)
		if err := w.Pass(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
		runtime.KeepAlive(w)
	}
}

func heap() uint64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// BenchmarkSight is what every update of a pod costs, most of which change its
// status alone.
func BenchmarkSight(b *testing.B) {
	w := newWorld(b)
	w.pass()
	shelf := w.hall.shelves[spot{clinic, pods}]
	for b.Loop() {
		if err := shelf.Add(reader{kind: pods, look: w.sight}.shorten(&unstructured.Unstructured{Object: pod("a", model)})); err != nil {
			b.Fatal(err)
		}
	}
}
