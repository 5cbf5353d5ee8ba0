package audit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

var deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}

// statusIn is the status of a release within what was written.
func statusIn(t *testing.T, writes []written, name string) (kube.ReleaseStatus, bool) {
	t.Helper()
	var status kube.ReleaseStatus
	for _, one := range of(writes, "releases") {
		if one.name == name {
			fields, _, _ := unstructured.NestedMap(one.object, "status")
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &status); err != nil {
				t.Fatal(err)
			}
			return status, true
		}
	}
	return status, false
}

// A status tells a transition when there is one, and is not written otherwise.
func TestTheStatusIsWrittenWhenPeopleLearnSomething(t *testing.T) {
	w := newWorld(t)
	w.release("tumour-staging", model)
	w.create(pods.Resource, pod("a", model))
	first, is := statusIn(t, w.pass(), "tumour-staging")
	said := meta.FindStatusCondition(first.Conditions, kube.Admissible)
	if !is || said == nil || said.Status != metav1.ConditionTrue || first.Workloads != 1 || first.Verdict == "" || !said.LastTransitionTime.Time.Equal(noon) {
		t.Fatalf("%+v", first)
	}
	w.now = noon.Add(30 * time.Hour) // it is looked at again, and says the same by another verdict
	if writes := w.pass(); len(writes) != 0 {
		t.Errorf("nothing changed, and was written: %+v", writes)
	}
	w.now = noon.Add(31 * time.Hour)
	w.create(pods.Resource, pod("b", model))
	more, is := statusIn(t, w.pass(), "tumour-staging")
	if kept := meta.FindStatusCondition(more.Conditions, kube.Admissible); !is || more.Workloads != 2 || !kept.LastTransitionTime.Time.Equal(noon) {
		t.Errorf("a second workload: %+v", more)
	}
	w.memory.Trust(evidence.Trust{})
	denied, is := statusIn(t, w.pass(), "tumour-staging")
	if now := meta.FindStatusCondition(denied.Conditions, kube.Admissible); !is || now.Status != metav1.ConditionFalse || !now.LastTransitionTime.Time.Equal(w.now) || denied.Rule == "" {
		t.Errorf("nobody is trusted: %+v", denied)
	}
}

// Whoever edits a status is corrected, and whoever deletes the release is not
// written to.
func TestAnEditedStatusIsCorrected(t *testing.T) {
	w := newWorld(t)
	object := w.release("tumour-staging", model)
	w.pass()
	edited := object.DeepCopy()
	edited.Status = kube.ReleaseStatus{Conditions: []metav1.Condition{{Type: kube.Admissible, Status: metav1.ConditionTrue, Reason: "Trust", Message: "me"}}}
	w.board.pin(edited)
	if status, is := statusIn(t, w.pass(), "tumour-staging"); !is || strings.Contains(fmt.Sprint(status), "Trust") {
		t.Errorf("%t, %+v", is, status)
	}
	w.board.unpin(object)
	w.memory.Forget("tumour-staging")
	if writes := of(w.pass(), "releases"); len(writes) != 0 {
		t.Errorf("%+v", writes)
	}
}

// Releases that nobody uses are told of a few at a time.
func TestAPassWritesFewStatuses(t *testing.T) {
	w := newWorld(t)
	for i := range 3 * maxWrites {
		name := fmt.Sprintf("model-%d", i)
		w.release(name, evidence.Subject{Name: name, Digest: evidence.Sum([]byte(name))})
	}
	told := map[string]bool{}
	for began := time.Now(); len(told) < 3*maxWrites && time.Since(began) < long; time.Sleep(time.Millisecond) { // until all are verified
		w.writes = nil
		if err := w.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(of(w.writes, "releases")) > maxWrites {
			t.Fatalf("%d writes in a pass", len(w.writes))
		}
		for _, one := range w.writes {
			told[one.name] = true
		}
	}
	if len(told) != 3*maxWrites {
		t.Errorf("%d of %d were told", len(told), 3*maxWrites)
	}
}

func resultsIn(t *testing.T, writes []written) (report map[string]any, results []map[string]any) {
	t.Helper()
	for _, one := range of(writes, "policyreports") {
		report = one.object
	}
	list, _, _ := unstructured.NestedSlice(report, "results")
	for _, one := range list {
		results = append(results, one.(map[string]any))
	}
	return report, results
}

func TestTheReportNamesRuleWorkloadAndRemedy(t *testing.T) {
	w := newWorld(t)
	w.create(pods.Resource, pod("serve", model))
	_, results := resultsIn(t, w.pass())
	at := slices.IndexFunc(results, func(one map[string]any) bool { return one["rule"] == "workload.released" })
	if at < 0 {
		t.Fatalf("%v", results)
	}
	one := results[at]
	resource := one["resources"].([]any)[0].(map[string]any)
	properties := one["properties"].(map[string]any)
	if one["result"] != fail || one["severity"] != "high" || resource["name"] != "serve" || resource["kind"] != "Pod" || resource["apiVersion"] != "v1" ||
		!strings.Contains(one["message"].(string), "remedy: ") || properties["environment"] != staging || properties["verdict"] == "" {
		t.Errorf("%v", one)
	}
}

// A Deployment and its pods are read once, as long as they say the same.
func TestPodsAreReportedWithTheirController(t *testing.T) {
	w := newWorld(t)
	w.release("tumour-staging", model)
	template := pod("x", model)
	w.create(deployments, map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "serve", "namespace": clinic, "resourceVersion": "1"},
		"spec": map[string]any{"replicas": int64(3), "selector": map[string]any{"matchLabels": map[string]any{"a": "b"}},
			"template": map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": "b"}}, "spec": template["spec"]}},
	})
	for i := range 3 {
		owned := pod(fmt.Sprintf("serve-%d", i), model)
		owned["metadata"].(map[string]any)["ownerReferences"] = []any{map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment", "name": "serve", "uid": "u", "controller": true}}
		w.create(pods.Resource, owned)
	}
	writes := w.pass()
	_, results := resultsIn(t, writes)
	if len(results) != 1 || results[0]["result"] != pass || results[0]["properties"].(map[string]any)["controls"] != "3" {
		t.Errorf("%v", results)
	}
	if status, _ := statusIn(t, writes, "tumour-staging"); status.Workloads != 1 {
		t.Errorf("%d workloads run it", status.Workloads)
	}
}

func TestAReportIsCutOffAtItsEndAndCountsAll(t *testing.T) {
	var all []result
	for i := range maxResults + 7 {
		which := []string{pass, fail}[i%2]
		all = append(all, result{at: row{spot{clinic, pods}, &object{name: fmt.Sprint(i), finding: &finding{}}}, rule: "r", result: which, message: strings.Repeat("x", 5000)})
	}
	made := newReport(all).object(clinic, false)
	if results := made["results"].([]any); len(results) != maxResults || len(results[0].(map[string]any)["message"].(string)) > maxText {
		t.Errorf("%d results", len(results))
	}
	summary := made["summary"].(map[string]any)
	notes := made["metadata"].(map[string]any)["annotations"].(map[string]any)
	if summary[pass].(int64)+summary[fail].(int64) != maxResults+7 || notes[leftOutNote] != "7" {
		t.Errorf("%v, %v", summary, notes)
	}
}

// A model without evidence misses a hundred rules; of each object the first are
// kept, and the rest is counted.
func TestFindingsOfAnObjectAreBounded(t *testing.T) {
	verdict := gates.Verdict{Evaluated: []string{"a"}}
	for i := range 100 {
		state := gates.Missing
		if i == 99 {
			state = gates.Failed
		}
		verdict.Findings = append(verdict.Findings, gates.Finding{Rule: fmt.Sprintf("rule.%d", i), State: state, Severity: gates.Deny})
	}
	var found finding
	found.read(verdict)
	results := found.results(result{})
	if len(found.findings) != maxFindings || found.findings[0].Rule != "rule.99" || len(results) != maxFindings+1 || results[maxFindings].message != "and 80 more rules" {
		t.Errorf("%d kept, %d told, the first is %s", len(found.findings), len(results), found.findings[0].Rule)
	}
}

// What the door cannot read it would deny, and the audit says so.
func TestWhatTheDoorCannotReadIsAnError(t *testing.T) {
	w := newWorld(t)
	strange := pod("strange", model)
	strange["spec"].(map[string]any)["fieldOfTomorrow"] = "x"
	w.create(pods.Resource, strange)
	_, results := resultsIn(t, w.pass())
	if len(results) != 1 || results[0]["result"] != mistake || !strings.Contains(results[0]["message"].(string), "fieldOfTomorrow") {
		t.Errorf("%v", results)
	}
}

func TestTheReportIsRemovedWhenNothingIsLeft(t *testing.T) {
	for name, empty := range map[string]func(*world){
		"the last pod leaves":            func(w *world) { w.delete(pods.Resource, "serve") },
		"the namespace is not enrolled":  func(w *world) { w.enrol = map[string]string{} },
		"the last pod is another's, now": func(w *world) { w.update(pods.Resource, ended(pod("serve", model))) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.create(pods.Resource, pod("serve", model))
			w.pass()
			empty(w)
			if removed := of(w.pass(), "policyreports"); len(removed) != 1 || removed[0].verb != "delete" {
				t.Errorf("%+v", removed)
			}
			if again := w.pass(); len(again) != 0 {
				t.Errorf("and again: %+v", again)
			}
		})
	}
}

func ended(object map[string]any) map[string]any {
	object["status"] = map[string]any{"phase": "Succeeded"}
	return object
}

// The floor is told what is admissible once everything has been judged, and then
// of each change.
func TestTheFloorIsToldWhatIsAdmissible(t *testing.T) {
	w := newWorld(t)
	w.floor = w
	other := evidence.Subject{Name: "other", Digest: evidence.Sum([]byte("other"))}
	broken := w.release("broken", evidence.Subject{Name: "broken", Digest: evidence.Sum([]byte("broken"))})
	broken.Spec.Envelopes = broken.Spec.Envelopes[1:]
	w.memory.Remember(broken)
	w.release("tumour-staging", model)
	w.release("other", other)
	expect := func(what string, digests ...evidence.Digest) {
		t.Helper()
		w.pass()
		want := []string{}
		for _, digest := range digests {
			want = append(want, string(digest))
		}
		slices.Sort(want)
		if !slices.Equal(w.list[staging], want) {
			t.Errorf("%s: told %v, want %v", what, w.list, want)
		}
	}
	expect("at first", model.Digest, other.Digest)
	w.memory.Quarantine(&kube.Quarantine{ObjectMeta: metav1.ObjectMeta{Name: "q"}, Spec: kube.QuarantineSpec{Digest: string(other.Digest), Reason: "drift"}})
	expect("under quarantine", model.Digest)
	w.memory.Lift("q")
	expect("lifted", model.Digest, other.Digest)
	twin := w.release("twin", other) // a second object about the same digest, without evidence
	twin.Spec.Envelopes = nil
	w.memory.Remember(twin)
	expect("one object of two denies", model.Digest)
	w.memory.Forget("twin")
	w.memory.Forget("tumour-staging")
	expect("withdrawn", other.Digest)
}
