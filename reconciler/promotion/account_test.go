package promotion

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// remembered is a history that somebody has told.
type remembered struct {
	account Account
	err     error
}

func (r remembered) Account(context.Context, fs.FS, Pair) (Account, error) {
	copied := r.account
	copied.Approvals = slices.Clone(copied.Approvals)
	copied.Authors = slices.Clone(copied.Authors)
	return copied, r.err
}

func signedBy(email string, day int) gates.Approval {
	return gates.Approval{Name: email, Email: email, Role: "clinical", Meaning: "approval", Time: time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC)}
}

func TestTheGatesSeeWhoMadeAndWhoSigned(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	tools.Gates = append(tools.Gates, gate{work, gates.Compliance})
	tools.History = remembered{account: Account{
		Authors: []string{"b@x", "a@x"}, Approvals: []gates.Approval{signedBy("d@x", 2), signedBy("c@x", 1)},
		Void: []gates.Approval{signedBy("e@x", 1)}, Withdrawn: []gates.Approval{signedBy("f@x", 1)}, Unfit: []string{"g@x"},
	}}
	first := run(t, tools, request(tree, "development"))
	seen := work.candidate
	if !slices.Equal(seen.Authors, []string{"a@x", "b@x"}) || len(seen.Approvals) != 2 || seen.Approvals[0].Email != "c@x" ||
		len(seen.Void) != 1 || len(seen.Withdrawn) != 1 || len(seen.Unfit) != 1 {
		t.Errorf("the gates saw %+v", seen)
	}
	inputs := func(state *State) map[string]evidence.Digest {
		found := map[string]evidence.Digest{}
		for _, input := range state.Measured[2].Inputs {
			found[input.Name] = input.Digest
		}
		return found
	}
	told := tools.History.(remembered).account
	slices.Reverse(told.Approvals)
	slices.Reverse(told.Authors)
	tools.History = remembered{account: told}
	if again := inputs(run(t, tools, request(tree, "development"))); again["approvals"] != inputs(first)["approvals"] || again["authors"] != inputs(first)["authors"] {
		t.Error("the same approvals in another order are other evidence")
	}
	told.Approvals = told.Approvals[:1]
	tools.History = remembered{account: told}
	if fewer := inputs(run(t, tools, request(tree, "development"))); fewer["approvals"] == inputs(first)["approvals"] {
		t.Error("an approval that is missing is the same evidence")
	}
}

func TestAHistoryThatCannotBeReadStopsThePromotion(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	trouble := errors.New("no luck")
	tools.History = remembered{err: trouble}
	if _, err := Run(t.Context(), tools, request(tree, "development")); !errors.Is(err, trouble) || work.trained != 0 {
		t.Errorf("%d trainings, %v", work.trained, err)
	}
}

// The provenance names what the model was made of, and keeps its words when
// commits about other things come along.
func TestTheProvenanceNamesTheMaterials(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	tools.Origin = "git+https://git.example.org/promotions.git"
	tools.History = remembered{account: Account{Recipe: "c0ffee"}}
	state := run(t, tools, request(tree, "development"))
	statement, err := tools.Trust.Verify(t.Context(), state.Provenance)
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, material := range statement.Provenance.BuildDefinition.ResolvedDependencies {
		for algorithm, digest := range material.Digest {
			named = append(named, material.Name+" "+material.URI+" "+algorithm+" "+digest[:6])
		}
	}
	want := []string{
		"recipe git+https://git.example.org/promotions.git gitCommit c0ffee",
		"data  sha256 " + state.Recipe.Data.Hex()[:6], "train  sha256 " + state.Train.Digest.Hex()[:6],
		"trainer  sha256 " + evidence.Sum([]byte("program")).Hex()[:6],
	}
	if !slices.Equal(named, want) {
		t.Errorf("materials are %q, want %q", named, want)
	}
	later := request(tree, "development")
	later.Commit.Hash = "another"
	if again := run(t, tools, later); string(again.Provenance) != string(state.Provenance) {
		t.Error("a later commit made another provenance")
	}
	tools.History, work.broken["program"] = nil, errors.New("no luck")
	if bare := run(t, tools, request(tree, "development")); len(bare.Provenance) == 0 || string(bare.Provenance) == string(state.Provenance) {
		t.Error("a tree that nobody committed has the same provenance")
	}
}
