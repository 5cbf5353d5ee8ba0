package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// bench is a promotion repository with the workshop that works on it, as the
// reconciler would.
type bench struct {
	*promotions
	*assembly.Workshop
	t     *testing.T
	state string
}

// newBench makes one that promotes a single model.
func newBench(t *testing.T, model string) *bench {
	t.Helper()
	made, err := newPromotions(t.Context(), t.TempDir(), noon.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.registry.server.Close)
	set := &bench{promotions: made, t: t}
	if err := set.propose(t.Context(), "only-"+model, func() error { return set.dropAllBut(model) }); err != nil {
		t.Fatal(err)
	}
	set.mustMerge("only-" + model)
	set.forget()
	return set
}

// forget goes on with a workshop that has no ledger and no local copies.
func (b *bench) forget() {
	b.t.Helper()
	b.state = b.t.TempDir()
	b.Workshop = b.open(assembly.Options{StateDir: b.state, Ledger: b.ledger()})
}

// rehearse checks on a machine of its own, and pushes nothing.
func (b *bench) rehearse(branch string) report.Report {
	b.t.Helper()
	outcome, err := b.open(assembly.Options{StateDir: b.t.TempDir(), Ledger: b.t.TempDir(), Rehearsal: b.signer().Public()}).Check(b.t.Context(), "main", branch)
	if err != nil {
		b.t.Fatal(err)
	}
	return outcome
}

func (b *bench) open(options assembly.Options) *assembly.Workshop {
	b.t.Helper()
	options.Repository, options.Clock = b.bare, func() time.Time { return noon }
	if options.Signer == nil {
		options.Signer = b.signer()
	}
	if options.Rehearsal == nil {
		options.Log = assembly.NewLog(filepath.Join(options.StateDir, "log"), b.private)
	}
	workshop, err := assembly.Open(options)
	if err != nil {
		b.t.Fatal(err)
	}
	return workshop
}

func (b *bench) signer() evidence.KeySigner {
	b.t.Helper()
	signer, err := evidence.NewSigner(b.private)
	if err != nil {
		b.t.Fatal(err)
	}
	return signer
}

func (b *bench) ledger() string { return filepath.Join(b.state, "ledger") }

// change pushes a branch that changes the model's recipe just enough to be a
// change: the seed, which the regressions do not use.
func (b *bench) change(branch, model string) {
	b.t.Helper()
	b.pushed(branch, func() error { return b.replace("models/"+model+"/model.yaml", "seed: 1", "seed: 2") })
}

func (b *bench) pushed(branch string, change func() error) {
	b.t.Helper()
	if err := b.propose(b.t.Context(), branch, change); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) mustMerge(branch string) {
	b.t.Helper()
	if err := b.merge(b.t.Context(), branch); err != nil {
		b.t.Fatal(err)
	}
}

// check asks what merging a branch would promote. What could not be judged is
// in the report.
func (b *bench) check(branch string) report.Report {
	b.t.Helper()
	outcome, err := b.Check(b.t.Context(), "main", branch)
	if err != nil {
		b.t.Fatal(err)
	}
	return outcome
}

func (b *bench) mustCheck(branch string) report.Report {
	b.t.Helper()
	outcome := b.check(branch)
	if outcome.Error != "" {
		b.t.Fatal(outcome.Error)
	}
	return outcome
}

// merged makes main true, and answers with the state of one model in
// development.
func (b *bench) merged(model string) *promotion.State {
	b.t.Helper()
	_, states, err := b.Merged(b.t.Context(), "main")
	if err != nil {
		b.t.Fatal(err)
	}
	return stateOf(b.t, states, model)
}

// evidenceOf is what the registry holds about a release: the state that a run
// leaves behind is a summary.
func (b *bench) evidenceOf(release evidence.Subject) []evidence.Envelope {
	b.t.Helper()
	registry, err := oci.Open(b.registry.host() + "/assay")
	if err != nil {
		b.t.Fatal(err)
	}
	envelopes, err := registry.List(b.t.Context(), release)
	if err != nil || len(envelopes) == 0 {
		b.t.Fatalf("%d envelopes, %v", len(envelopes), err)
	}
	return envelopes
}

func stateOf(t *testing.T, states []*promotion.State, model string) *promotion.State {
	t.Helper()
	for _, state := range states {
		if state.Request.Model == model && state.Request.Environment == "development" {
			return state
		}
	}
	t.Fatalf("%s was not looked at", model)
	return nil
}

// tip is the commit of a branch of the remote; empty when there is none.
func (b *bench) tip(branch string) string {
	b.t.Helper()
	commit, err := harness.Git(b.t.Context(), b.bare, "for-each-ref", "--format=%(objectname)", "refs/heads/"+branch)
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.TrimSpace(commit)
}

// trainings counts the models that were trained and kept.
func (b *bench) trainings() int {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.ledger(), "train"))
	if err != nil && !os.IsNotExist(err) {
		b.t.Fatal(err)
	}
	return len(entries)
}

// digests are what every phase made of its inputs.
func digests(outcome report.Report) []string {
	var made []string
	for _, one := range outcome.Promotions {
		for _, phase := range one.Phases {
			made = append(made, strings.Join([]string{one.Model, phase.Name, phase.Input, phase.Output}, " "))
		}
	}
	slices.Sort(made)
	return made
}

// phase is what the report says of one phase.
func phase(t *testing.T, outcome report.Report, name string) report.Phase {
	t.Helper()
	for _, one := range outcome.Promotions {
		for _, phase := range one.Phases {
			if phase.Name == name {
				return phase
			}
		}
	}
	t.Fatalf("nothing was %s: %+v", name, outcome)
	return report.Phase{}
}
