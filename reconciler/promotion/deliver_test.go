package promotion

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// twoModels is a repository with the models tumour and lesion in development.
func twoModels() fstest.MapFS {
	tree := repository(map[string]string{"environments/staging/tumour.yaml": ""})
	for name, file := range repository(nil) {
		if other := strings.ReplaceAll(name, "tumour", "lesion"); other != name && !strings.HasPrefix(name, "environments/staging/") {
			tree[other] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(file.Data), "tumour", "lesion"))}
		}
	}
	return tree
}

func TestAnEnvironmentIsDeliveredInOneCommit(t *testing.T) {
	work, tree := newBench(), twoModels()
	pairs, err := Pairs(tree)
	if err != nil || len(pairs) != 2 {
		t.Fatal(pairs, err)
	}
	states, err := RunAll(t.Context(), work.tools(t, tree), pairs, request(tree, ""))
	if err != nil || len(states) != 2 || len(work.messages) != 1 {
		t.Fatalf("%d states, %d deliveries, %v", len(states), len(work.messages), err)
	}
	for _, state := range states {
		if !slices.Equal(phasesOf(state), Phases()) || state.Branch != states[0].Branch || state.Branch == "" {
			t.Errorf("%s reached %v at %q", state.Request.Model, phasesOf(state), state.Branch)
		}
	}
	want := "deliver 2 models to development\n\n" +
		"lesion: " + states[0].Release.Digest.Short() + "\ntumour: " + states[1].Release.Digest.Short() +
		"\n\nSource-Commit: c0ffee\nPolicy: sha256:policy\nAssay-Log: a.log 2 root\n"
	if work.messages[0] != want {
		t.Errorf("the message is\n%s", work.messages[0])
	}
}

func TestWhatIsDeniedHoldsUpNobody(t *testing.T) {
	work, tree := newBench(), twoModels()
	pairs, err := Pairs(tree)
	if err != nil {
		t.Fatal(err)
	}
	tools := work.tools(t, tree)
	tools.Judge = denying{work, "lesion"}
	states, err := RunAll(t.Context(), tools, pairs, request(tree, ""))
	if err != nil || states[0].Branch != "" || states[1].Branch == "" {
		t.Errorf("%q and %q are delivered, %v", states[0].Branch, states[1].Branch, err)
	}
	if len(work.messages) != 1 || !strings.HasPrefix(work.messages[0], "tumour: deliver ") {
		t.Errorf("delivered with %q", work.messages)
	}
}

// denying denies one model.
type denying struct {
	*bench
	model string
}

func (d denying) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	verdict, err := d.bench.Judge(ctx, question)
	if question.Model != nil && question.Model.Release.Name == d.model {
		verdict.Findings = []gates.Finding{{Rule: "a.rule", Severity: gates.Deny}}
	}
	return verdict, err
}

func TestADeliveryThatFailsFailsForAll(t *testing.T) {
	work, tree := newBench(), twoModels()
	pairs, err := Pairs(tree)
	if err != nil {
		t.Fatal(err)
	}
	tools := work.tools(t, tree)
	work.broken["deliver"] = errors.New("the remote is away")
	states, err := RunAll(t.Context(), tools, pairs, request(tree, ""))
	for i, pair := range pairs {
		stopped := FailureOf(err, pair)
		if stopped == nil || stopped.Phase != "Delivered" || states[i].Branch != "" || len(states[i].Outputs) != len(Phases())-1 {
			t.Errorf("%v was stopped by %v", pair, stopped)
		}
	}
	delete(work.broken, "deliver")
	if _, err := RunAll(t.Context(), tools, pairs, request(tree, "")); err != nil || work.trained != 2 {
		t.Errorf("begun again: %d trainings, %v", work.trained, err)
	}
}

func TestTheLongestLogIsWitnessed(t *testing.T) {
	states := []*State{{Head: "a.log 9 x"}, {Head: "a.log 10 y"}, {}, {Head: "a.log 2 z"}, {Head: "garbage"}}
	if head := longest(states); head != "a.log 10 y" {
		t.Errorf("it witnesses %q", head)
	}
	if head := longest([]*State{{}}); head != "" {
		t.Errorf("without a log it witnesses %q", head)
	}
}
