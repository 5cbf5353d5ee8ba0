package judge

import (
	"io/fs"
	"math"
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/policies"
)

// FuzzThresholdsAreNeverLoosened: whatever a repository writes as its own
// thresholds, they are refused, or each limit is as strict as the shipped one.
func FuzzThresholdsAreNeverLoosened(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", "thresholds: {profiles: {production: {dataset: {events_min: 200}}}}", "thresholds: {profiles: {production: {dataset: {events_min: 2}}}}",
		"thresholds: {profiles: {production: {on_inconclusive: warn}}}", "thresholds: {profiles: {production: {dataset: {events_min: .inf, drift_ks_max: .nan}}}}",
		"thresholds: {profiles: {production: {bias: {cohorts_required: false}}}}", "thresholds: &a {profiles: *a}", "a: &a [1]\nb: [*a, *a]", "thresholds: {profiles: {1: {}}}",
	} {
		f.Add([]byte(seed))
	}
	shipped, err := fs.ReadFile(policies.FS, thresholdsPath)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before, after := thresholdsOf(t, shipped), thresholdsOf(t, shipped)
		tightened := &bundle{data: after}
		if tightened.addThresholds(thresholdsPath, text) != nil {
			return
		}
		noLooser(t, "", before, after)
	})
}

func thresholdsOf(t *testing.T, text []byte) map[string]any {
	t.Helper()
	read := &bundle{}
	if err := read.addThresholds(thresholdsPath, text); err != nil {
		t.Fatal(err)
	}
	return read.data
}

func noLooser(t *testing.T, key string, before, after any) {
	t.Helper()
	if was, branch := before.(map[string]any); branch {
		is, _ := after.(map[string]any)
		if len(is) != len(was) {
			t.Fatalf("%s: %d entries became %d", key, len(was), len(is))
		}
		for name := range was {
			noLooser(t, name, was[name], is[name])
		}
		return
	}
	if !reflect.DeepEqual(before, after) && !stricter(key, before, after) {
		t.Errorf("%s: %v became %v", key, before, after)
	}
	if value, isNumber := number(after); isNumber && math.IsNaN(value) {
		t.Errorf("%s is no number", key)
	}
}

// FuzzAPolicyIsARuleOrRefused: whatever stands in a file of policies, it is
// refused, or it is a rule with a title and a remedy.
func FuzzAPolicyIsARuleOrRefused(f *testing.F) {
	honest, err := fs.ReadFile(policies.FS, "model/dataset/events/events.rego")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(honest)
	f.Add([]byte("package model.dataset.events\nsatisfied := http.send({}).status == 200"))
	f.Add([]byte("package lib"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, text []byte) {
		loaded, err := loadBundle([]fs.FS{fstest.MapFS{"model/dataset/events/events.rego": {Data: text}}})
		if err != nil {
			return
		}
		for _, rule := range loaded.rules {
			if rule.title == "" || rule.remedy == "" || rule.id != "model.dataset.events" {
				t.Errorf("%q is the rule %+v", text, rule)
			}
		}
	})
}
