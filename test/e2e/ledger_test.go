package e2e

import (
	"os"
	"slices"
	"testing"
)

const proposal = "proposal"

// A check, the same check, and the merge train once between them.
func TestCheckingTwiceTrainsOnce(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "breast-malignancy")
	bench.change(proposal, "breast-malignancy")
	first := bench.mustCheck(proposal)
	if phase(t, first, "Trained").Cached || bench.trainings() != 1 {
		t.Fatalf("the first check kept %d trainings: %+v", bench.trainings(), first)
	}
	second := bench.mustCheck(proposal)
	for _, name := range []string{"Fetched", "Trained", "Measured"} {
		if !phase(t, second, name).Cached {
			t.Errorf("the second check did %s again", name)
		}
	}
	if !slices.Equal(digests(first), digests(second)) {
		t.Errorf("the second check made other digests:\n%s\n%s", digests(first), digests(second))
	}
	bench.mustMerge(proposal)
	state := bench.merged("breast-malignancy")
	for _, output := range state.Outputs {
		if output.Phase == "Trained" && !output.Cached {
			t.Error("the merge trained again")
		}
	}
}

func TestADeletedLedgerGivesTheSameDigests(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "lung-survival")
	bench.change(proposal, "lung-survival")
	before := bench.mustCheck(proposal)
	if err := os.RemoveAll(bench.ledger()); err != nil {
		t.Fatal(err)
	}
	after := bench.mustCheck(proposal)
	if phase(t, after, "Trained").Cached {
		t.Fatal("the ledger was not deleted")
	}
	if len(digests(before)) == 0 || !slices.Equal(digests(before), digests(after)) {
		t.Errorf("before:\n%s\nafter:\n%s", digests(before), digests(after))
	}
}

// Two machines that share nothing but the repository agree on every digest.
func TestTwoTrainingsGiveTheSameDigests(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"breast-malignancy", "lung-survival", "colon-mortality"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			bench := newBench(t, model)
			bench.change(proposal, model)
			here := bench.mustCheck(proposal)
			bench.forget()
			there := bench.mustCheck(proposal)
			if phase(t, there, "Trained").Cached || phase(t, there, "Fetched").Cached {
				t.Fatal("the second machine found what the first one made")
			}
			if !slices.Equal(digests(here), digests(there)) {
				t.Errorf("here:\n%s\nthere:\n%s", digests(here), digests(there))
			}
		})
	}
}
