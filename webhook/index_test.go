package webhook

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// Whatever comes and goes, the index holds what a look at every release would
// find, in the order of names; and what a review has read stays as it was.
func TestTheIndexIsWhatEveryReleaseSays(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	memory, objects := NewMemory(), map[string]*kube.Release{}
	for range 2000 {
		object := &kube.Release{}
		object.Name = fmt.Sprintf("release-%02d", random.IntN(40))
		object.Spec.Environment, object.Spec.Digest = fmt.Sprint("env-", random.IntN(3)), fmt.Sprint("sha256:", random.IntN(5))
		read := memory.find(object.Spec.Environment, object.Spec.Digest)
		before := slices.Clone(read)
		if random.IntN(3) == 0 {
			memory.Forget(object.Name)
			delete(objects, object.Name)
		} else {
			memory.Remember(object)
			objects[object.Name] = object
		}
		if !slices.Equal(read, before) {
			t.Fatal("what a review was reading has changed")
		}
		compare(t, memory, objects)
	}
}

func compare(t *testing.T, memory *Memory, objects map[string]*kube.Release) {
	t.Helper()
	if memory.Size() != len(objects) {
		t.Fatalf("%d releases, want %d", memory.Size(), len(objects))
	}
	for environment := range 3 {
		for digest := range 5 {
			where := place{fmt.Sprint("env-", environment), fmt.Sprint("sha256:", digest)}
			var want, got []string
			known := false
			for name, object := range objects {
				known = known || object.Spec.Digest == where.digest
				if object.Spec.Environment == where.environment && object.Spec.Digest == where.digest {
					want = append(want, name)
				}
			}
			slices.Sort(want)
			for _, found := range memory.find(where.environment, where.digest) {
				got = append(got, found.name)
			}
			if !slices.Equal(got, want) || memory.Knows(where.digest) != known {
				t.Fatalf("%v holds %v, want %v; the digest is known: %t, want %t", where, got, want, memory.Knows(where.digest), known)
			}
		}
	}
}
