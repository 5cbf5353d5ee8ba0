package judge

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/policies"
)

// sound is a workload that every rule is satisfied with.
func sound() Workload {
	model, image := "sha256:"+strings.Repeat("a1", 32), "sha256:"+strings.Repeat("5e", 32)
	return Workload{
		Operation: "create", Kind: "Pod", Namespace: "clinic", Name: "serve",
		Images:  []Image{{Container: "serve", Reference: "predictor@" + image, Digest: image, Clear: true}},
		Models:  []ModelUse{{Reference: "m@" + model, Where: "spec.volumes[0].image", How: "image_volume", Name: "m", Digest: model, Image: image, Released: true, Admitted: true, Clear: true, Thawed: true}},
		Volumes: []Volume{{Name: "reports", Kind: "persistentVolumeClaim", Where: "spec.volumes[1]", Allowed: true}},
	}
}

// shortly is whether the shortcut says yes, and the verdict that the rules give.
func shortly(t *testing.T, judge *Judge, workload Workload) (yes, allowed bool) {
	t.Helper()
	question := Question{Environment: "production", Profile: "production", Time: time.Unix(1, 0), Workload: &workload}
	input, err := question.input()
	if err != nil {
		t.Fatal(err)
	}
	asked := judge.queries["workload"]
	verdict, err := judge.Judge(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	full, err := asked.judge(t.Context(), question, input, verdict)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(full, verdict) {
		t.Errorf("%+v, and without a shortcut %+v", verdict, full)
	}
	return asked.shortcut.holds(t.Context(), asked, input, question.Time), len(full.Findings) == 0
}

// FuzzTheShortcutAgrees: it says yes exactly where no rule has a finding.
func FuzzTheShortcutAgrees(f *testing.F) {
	judge, err := New(f.Context(), policies.FS)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{}`, `{"operation":"connect"}`, `{"operation":"connect","models":[]}`, `{"operation":"scale"}`, `{"operation":"proxy"}`, `{"models":[]}`, `{"images":[]}`, `{"volumes":[{"allowed":false}]}`,
		`{"models":[{"released":false}]}`, `{"models":[{"admitted":false}]}`, `{"models":[{"clear":false}]}`, `{"models":[{"thawed":false}]}`, `{"models":[{"digest":""}]}`, `{"models":[{"how":"argument"}]}`, `{"models":[{"image":""}]}`,
		`{"models":[{},{"released":false}]}`, `{"images":[{"clear":false}]}`, `{"images":[{},{"digest":"x","clear":true}]}`, `{"models":[{"released":false,"admitted":false}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, change []byte) {
		workload := sound()
		if json.Unmarshal(change, &workload) != nil || len(workload.Glass) > 0 {
			return
		}
		if yes, allowed := shortly(t, judge, workload); yes != allowed {
			t.Errorf("%+v: the shortcut says %t, the rules %t", workload, yes, allowed)
		}
	})
}

// TestAShortcutJoinsNoRules: two rules that take the same helper, and rules that
// have more than one way to be satisfied, mean together what they mean alone.
func TestAShortcutJoinsNoRules(t *testing.T) {
	rule := func(name, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("# METADATA\n# title: own\n# custom:\n#   clause: own\n#   remedy: own\npackage workload." + name + "\n\n" + body + "\n\nmessage := \"own\"\n")}
	}
	const first = "first(list) := x if {\n\tsome x in list\n\tx.name != \"skip\"\n}\n\n"
	tree := fstest.MapFS{
		"workload/own1/own1.rego": rule("own1", first+"satisfied if first(input.workload.models).name == \"m\""),
		"workload/own2/own2.rego": rule("own2", "satisfied if data.workload.own1.first(input.workload.volumes).name == \"reports\""),
		"workload/own3/own3.rego": rule("own3", "satisfied if input.workload.kind == \"Job\"\n\nsatisfied if count([x | x := data.workload.own1.first(input.workload.models); x.name == \"other\"]) == 0"),
		"workload/own4/own4.rego": rule("own4", "satisfied if {\n\tx := input.workload.kind\n\tnot startswith(x, \"Cron\")\n\ty = x\n\tevery z in [y] { z != \"\" }\n}"),
	}
	judge, err := New(t.Context(), policies.FS, tree)
	if err != nil {
		t.Fatal(err)
	}
	for claim, story := range map[string]struct {
		change func(*Workload)
		want   bool
	}{
		"all hold":        {func(*Workload) {}, true},
		"the first fails": {func(w *Workload) { w.Models[0].Name = "other" }, false},
		"the second":      {func(w *Workload) { w.Volumes[0].Name = "other" }, false},
		"one of two ways": {func(w *Workload) { w.Kind = "Job" }, true},
		"a negation":      {func(w *Workload) { w.Kind = "CronJob" }, false},
	} {
		workload := sound()
		story.change(&workload)
		if yes, allowed := shortly(t, judge, workload); yes != story.want || allowed != story.want {
			t.Errorf("%s: the shortcut says %t, the rules %t", claim, yes, allowed)
		}
	}
}

// TestAShortcutEndsWithItsReview: whoever has gone away is told no, and no rule is
// asked for them.
func TestAShortcutEndsWithItsReview(t *testing.T) {
	judge, err := New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	workload := sound()
	question := Question{Environment: "production", Profile: "production", Workload: &workload}
	input, err := question.input()
	if err != nil {
		t.Fatal(err)
	}
	asked := judge.queries["workload"]
	gone, leave := context.WithCancel(t.Context())
	leave()
	if asked.shortcut.holds(gone, asked, input, question.Time) {
		t.Error("it says yes to nobody")
	}
}
