package webhook

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// The audit writes into the status of releases all day. The door keeps nothing of
// it but how many run, and goes on with what it knows.
func TestAStatusCostsTheDoorNothing(t *testing.T) {
	signer, memory := newMeasurer(t), NewMemory()
	memory.Trust(signer.trust)
	object := signer.release(t, "a", model, staging, servingDigest)
	arrive := func(status kube.ReleaseStatus) Filed {
		sent := object.DeepCopy()
		sent.Status = status
		kept, err := shorten(sent)
		if err != nil {
			t.Fatal(err)
		}
		if left := kept.(*kube.Release).Status; left.Workloads != status.Workloads || left.Conditions != nil {
			t.Errorf("the cache keeps %+v", left)
		}
		memory.arrive(kept)
		return memory.At(staging, string(model.Digest))[0]
	}
	before := arrive(kube.ReleaseStatus{})
	if _, err := before.release.answer(t.Context(), realJudge(t), staging, noon); err != nil {
		t.Fatal(err)
	}
	after := arrive(kube.ReleaseStatus{Workloads: 7, Conditions: []metav1.Condition{{Type: kube.Admissible}}})
	if after != before {
		t.Error("a status made the memory forget what the judge said")
	}
}

// What is foreseen of now is what the door says now.
func TestTheForeseenIsWhatTheDoorWillSay(t *testing.T) {
	signer, memory := newMeasurer(t), NewMemory()
	end := noon.Add(time.Hour)
	signer.trust[0].Until = end
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "a", model, staging, servingDigest))
	door := Door{Court: realJudge(t), Memory: memory}
	for at, allowed := range map[time.Time]bool{noon: true, end.Add(-time.Second): true, end: false} {
		filed := memory.At(staging, string(model.Digest))[0]
		foreseen, err := door.Foresee(t.Context(), filed, staging, at)
		if err != nil || foreseen.Allowed() != allowed {
			t.Errorf("foreseen of %s: allowed is %t, %v", at, foreseen.Allowed(), err)
		}
		now := NewMemory()
		now.Trust(signer.trust)
		now.Refresh(at)
		now.Remember(signer.release(t, "a", model, staging, servingDigest))
		said, err := now.At(staging, string(model.Digest))[0].release.answer(t.Context(), realJudge(t), staging, at)
		if err != nil || said.verdict.Allowed() != foreseen.Allowed() || len(said.verdict.Findings) != len(foreseen.Findings) {
			t.Errorf("at %s: the door says %+v, foreseen was %+v", at, said.verdict.Findings, foreseen.Findings)
		}
	}
}

func TestKeysTellWhenTheyChange(t *testing.T) {
	memory := NewMemory()
	memory.Trust(evidence.Trust{
		{Name: "a", Until: noon.Add(2 * time.Hour)}, {Name: "b", From: noon.Add(time.Hour), Revoked: noon.Add(3 * time.Hour)},
		{Name: "past", Until: noon.Add(-time.Hour)}, {Name: "late", From: noon.Add(100 * time.Hour)},
	})
	changes := memory.TrustChanges(noon, noon.Add(10*time.Hour), 16)
	if len(changes) != 3 || !changes[0].Equal(noon.Add(time.Hour)) || !changes[2].Equal(noon.Add(3*time.Hour)) {
		t.Errorf("%v", changes)
	}
	if some := memory.TrustChanges(noon, noon.Add(10*time.Hour), 2); len(some) != 2 {
		t.Errorf("%v", some)
	}
}

func TestOrdersHaveADigest(t *testing.T) {
	memory := NewMemory()
	seen := map[evidence.Digest]bool{memory.Orders(): true}
	for _, change := range []func(){
		func() {
			memory.Quarantine(&kube.Quarantine{ObjectMeta: metav1.ObjectMeta{Name: "q"}, Spec: kube.QuarantineSpec{Digest: string(model.Digest), Reason: "a"}})
		},
		func() {
			memory.Quarantine(&kube.Quarantine{ObjectMeta: metav1.ObjectMeta{Name: "q"}, Spec: kube.QuarantineSpec{Digest: string(model.Digest), Reason: "b"}})
		},
		func() {
			memory.BreakGlass(&kube.BreakGlass{ObjectMeta: metav1.ObjectMeta{Name: "g"}, Spec: kube.BreakGlassSpec{Digest: string(model.Digest)}})
		},
	} {
		change()
		if seen[memory.Orders()] {
			t.Error("an order changed, and the digest did not")
		}
		seen[memory.Orders()] = true
	}
	if len(memory.Quarantined(staging, string(model.Digest))) != 1 || len(memory.Glasses()) != 1 {
		t.Error(memory.Quarantined(staging, string(model.Digest)), memory.Glasses())
	}
}
