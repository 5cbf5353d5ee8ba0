package controller

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

func many(count int) []*kube.Repository {
	var all []*kube.Repository
	for i := range count {
		one := &kube.Repository{}
		one.Namespace, one.Name = "assay-system", fmt.Sprintf("promotions-%d", i)
		all = append(all, one)
	}
	return all
}

func owner(t *testing.T, of *kube.Repository, count int) int {
	t.Helper()
	found := -1
	for index := range count {
		if (Shard{index, count}).Owns(of) {
			if found >= 0 {
				t.Fatalf("%s belongs to %d and to %d of %d", of.Name, found, index, count)
			}
			found = index
		}
	}
	if found < 0 {
		t.Fatalf("%s belongs to nobody of %d", of.Name, count)
	}
	return found
}

// A fourth shard takes a quarter, and nothing moves between the first three.
func TestAnotherShardTakesItsShareAndMovesNothingElse(t *testing.T) {
	held := map[int]int{}
	for _, one := range many(1000) {
		before, after := owner(t, one, 3), owner(t, one, 4)
		if held[after]++; before != after && after != 3 {
			t.Fatalf("%s moved from %d to %d", one.Name, before, after)
		}
	}
	for index := range 4 {
		if held[index] < 200 || held[index] > 300 {
			t.Errorf("shard %d holds %d of 1000", index, held[index])
		}
	}
}

func TestALabelChoosesTheShard(t *testing.T) {
	one := many(1)[0]
	for label, want := range map[string]int{"0": 0, "2": 2, "3": owner(t, one, 3), "-1": owner(t, one, 3), "x": owner(t, one, 3)} {
		labelled := one.DeepCopy()
		labelled.Labels = map[string]string{kube.ShardLabel: label}
		if got := owner(t, labelled, 3); got != want {
			t.Errorf("label %q: shard %d, want %d", label, got, want)
		}
	}
	if !(Shard{}).Owns(one) {
		t.Error("who is alone owns not everything")
	}
}

func TestShardsAreReadStrictly(t *testing.T) {
	for text, want := range map[string]Shard{"": {}, "0/1": {0, 1}, "2/3": {2, 3}, "1023/1024": {1023, 1024}} {
		if got, err := ParseShard(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"3/3", "-1/3", "1", "/", "a/b", "0/0", "1/1025", "1/2/3", " 1/2"} {
		if got, err := ParseShard(text); err == nil || !strings.Contains(err.Error(), "give i/n") {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

func TestShardsHaveLeasesOfTheirOwn(t *testing.T) {
	leases := map[string]bool{}
	for _, shard := range []Shard{{}, {0, 3}, {1, 3}, {0, 2}} {
		leases[shard.Lease()] = true
	}
	if len(leases) != 4 || (Shard{}).Lease() != (Shard{0, 1}).Lease() {
		t.Errorf("leases %v", leases)
	}
}
