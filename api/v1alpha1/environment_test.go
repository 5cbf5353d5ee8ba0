package v1alpha1_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func decoded(t *testing.T, spec string) (v1alpha1.EnvironmentSpec, error) {
	t.Helper()
	var read v1alpha1.Environment
	text := strings.Replace(environment, "  after: development\n", spec, 1)
	err := v1alpha1.Decode("e.yaml", []byte(text), &read)
	return read.Spec, err
}

func TestAnEnvironmentComesAfterOneOrSeveral(t *testing.T) {
	for text, want := range map[string][]string{
		"":                               nil,
		"  after: development\n":         {"development"},
		"  after: [development]\n":       {"development"},
		"  after: [canary, europe]\n":    {"canary", "europe"},
		"  after:\n  - canary\n  - us\n": {"canary", "us"},
		"  after: []\n":                  nil,
		"  after: \"\"\n":                nil,
	} {
		if spec, err := decoded(t, text); err != nil || !slices.Equal(spec.After, want) {
			t.Errorf("%q reads as %q, %v", text, spec.After, err)
		}
	}
}

// One name is written as it always was, so that what was signed about it holds.
func TestOneNameIsWrittenWithoutAList(t *testing.T) {
	for want, names := range map[string]v1alpha1.Names{`"staging"`: {"staging"}, `["a","b"]`: {"a", "b"}} {
		if text, err := json.Marshal(names); err != nil || string(text) != want {
			t.Errorf("%v is written %s, %v", names, text, err)
		}
	}
	if text, err := yaml.Marshal(v1alpha1.EnvironmentSpec{After: v1alpha1.Names{"staging"}, Profile: "p", Namespace: "n"}); err != nil || string(text) != "after: staging\nprofile: p\nnamespace: \"n\"\n" {
		t.Errorf("wrote %s, %v", text, err)
	}
}

func TestAnEnvironmentSaysWhoPromotesAndAfterWhichTime(t *testing.T) {
	spec, err := decoded(t, "  after: development\n  promote: automatic\n  merge: manual\n  soak: {duration: 72h}\n  approvals: [clinical, quality]\n  rollback: {after: 30m}\n")
	if err != nil {
		t.Fatal(err)
	}
	if spec.Promote != v1alpha1.Automatic || spec.Merge != v1alpha1.Manual || spec.Soak.Duration != 72*time.Hour || len(spec.Approvals) != 2 || spec.Rollback.After != 30*time.Minute {
		t.Errorf("read %+v", spec)
	}
}

func TestMistakesOfAnEnvironmentNameTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"  after: [a, a]\n":                                      `e.yaml:6: spec.after: names "a" twice`,
		"  after:\n  - a\n  - ../b\n":                            `e.yaml:8: spec.after[1]: "../b" is not a name`,
		"  after: {a: b}\n":                                      "e.yaml:6: after: this is not a list",
		"  after: [[a]]\n":                                       "e.yaml:6: ",
		"  after: [" + strings.Repeat("a, ", 17) + "]\n":         "names 17, more than 16",
		"  after: a\n  promote: sometimes\n":                     `e.yaml:7: spec.promote: "sometimes" is not one of automatic, manual`,
		"  after: a\n  merge: yes\n":                             "e.yaml:7: spec.merge",
		"  after: a\n  soak: {duration: soon}\n":                 `e.yaml:7: soak: "soon" is not a duration such as 72h`,
		"  after: a\n  soak: {duration: 72}\n":                   "e.yaml:7: ",
		"  after: a\n  soak: {duration: -1h}\n":                  "e.yaml:7: spec.soak.duration: -1h0m0s is not between",
		"  after: a\n  soak: {time: 1h}\n":                       `e.yaml:7: unknown field "time"`,
		"  after: a\n  rollback: {after: 20000h}\n":              "e.yaml:7: spec.rollback.after",
		"  after: a\n  approvals: [friend]\n":                    `e.yaml:7: spec.approvals[0]: "friend" is not one of`,
		"  after: a\n  approvals:\n  - clinical\n  - clinical\n": `spec.approvals: names "clinical" twice`,
		"  promote: automatic\n":                                 "spec.after: names no environment from which",
		"  soak: {duration: 1h}\n":                               "spec.after: names no environment from which",
	} {
		if _, err := decoded(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestAClusterStandsInAWave(t *testing.T) {
	for wave, fine := range map[string]bool{"": true, "  wave: 1\n": true, "  wave: 9\n": true, "  wave: 10\n": false, "  wave: -1\n": false, "  wave: x\n": false} {
		text := "apiVersion: assay.dev/v1alpha1\nkind: Cluster\nmetadata: {name: eu}\nspec:\n  cloud: aws\n  region: eu-west-1\n  environments: [production]\n" + wave
		var read v1alpha1.Cluster
		if err := v1alpha1.Decode("c.yaml", []byte(text), &read); (err == nil) != fine {
			t.Errorf("%q: %v", wave, err)
		}
	}
}
