package simulation

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// delivered holds every commit of an environment's branch to what must be true
// of what people are treated by: at every moment, and not only in the end.
func (w *world) delivered(environment, before, after string) {
	now := w.git.commits[after]
	if before != "" && !w.git.contains(after, before) {
		w.violated("%s lost %.7s: %.7s does not follow it", envBranch(environment), before, after)
	}
	for _, model := range models {
		var earlier manifest
		if was := w.git.commits[before]; was != nil {
			earlier, _ = readManifest(was.tree, model)
		}
		shown, err := readManifest(now.tree, model)
		if err != nil {
			w.violated("what %s holds of %s cannot be read: %v", envBranch(environment), model, err)
		}
		if !shown.Release.Zero() && !sameManifest(earlier, shown) {
			w.evident(environment, shown)
			w.wanted(environment, shown, now)
			w.inTurn(environment, shown)
		}
	}
}

func sameManifest(a, b manifest) bool {
	return a.Release == b.Release && slices.Equal(digestsOf(a.Envelopes), digestsOf(b.Envelopes))
}

// evident holds when whoever has the branch can tell by the signatures alone
// that the release was measured by every gate for that environment, when the
// log says that it was allowed on this evidence, and when the registry has both.
func (w *world) evident(environment string, shown manifest) {
	opened := evidence.Open(w.t.Context(), believed, shown.Release, shown.Envelopes)
	spoke, trained := map[string]bool{}, false
	for _, statement := range opened.Statements {
		trained = trained || statement.Provenance != nil
		if measured := statement.Measurements; measured != nil && measured.Environment == environment {
			spoke[measured.Gate] = true
		}
	}
	if len(opened.Problems) > 0 || !trained || len(spoke) != len(gates.Names()) {
		w.violated("%s was delivered to %s without its evidence: %v", shown.Release, environment, opened.Problems)
	}
	if !w.log.allowed(environment, shown.Release, shown.Envelopes) {
		w.violated("%s was delivered to %s, and the log holds no verdict that allows it on that evidence", shown.Release, environment)
	}
	if there := w.registry[shown.Release.Digest]; there == nil || len(unknown(there.envelopes, shown.Envelopes)) > 0 {
		w.violated("%s was delivered to %s, and the registry does not have it with that evidence", shown.Release, environment)
	}
}

// wanted holds when a commit that main has had says so, and when what the rules
// are about is so: the model is good enough there, and not under quarantine.
func (w *world) wanted(environment string, shown manifest, delivery *commit) {
	_, rest, _ := strings.Cut(delivery.message, "Source-Commit: ")
	source := w.git.commits[strings.SplitN(rest, "\n", 2)[0]]
	if source == nil || !slices.Contains(w.tips, source.hash) {
		w.violated("%s was delivered to %s by no commit of main", shown.Release, environment)
		return
	}
	// Of two lives at once, one may have written down what the other could not know.
	if lost := w.lacks(source.hash); lost != "" && w.git.refs[mainline] == source.hash && len(w.living()) == 1 {
		w.violated("%s was delivered to %s by %.7s, which has lost %.7s", shown.Release, environment, source.hash, lost)
	}
	made := w.madeOf(shown.Release)
	promoted, ok := w.promotion(source, environment, shown.Release.Name)
	switch {
	case !ok:
		w.violated("%s was delivered to %s, and %.7s does not promote it", shown.Release, environment, source.hash)
	case promoted.pinned != "" && promoted.pinned != shown.Release.Digest,
		promoted.pinned == "" && (promoted.feature != made.Features[0] || promoted.seed != made.Seed):
		w.violated("%s was delivered to %s, and %.7s promotes another", shown.Release, environment, source.hash)
	case !good(made.Features[0], environment):
		w.violated("%s was delivered to %s, and is not good enough", shown.Release, environment)
	case w.frozen(source, environment, w.decided) && !w.heldBefore(environment, shown.Release):
		w.violated("%s was delivered to %s, which is frozen", shown.Release, environment)
	case w.quarantined(source, shown.Release.Digest):
		w.violated("%s was delivered to %s under a quarantine", shown.Release, environment)
	}
}

// inTurn holds when the environment before has held the release, or this one has.
func (w *world) inTurn(environment string, shown manifest) {
	at := slices.Index(environments, environment)
	if at > 0 && !w.held(environments[at-1], shown.Release) && !w.heldBefore(environment, shown.Release) {
		w.violated("%s was delivered to %s out of turn", shown.Release, environment)
	}
}

func (w *world) held(environment string, release evidence.Subject) bool {
	return slices.ContainsFunc(w.git.history(w.git.refs[envBranch(environment)]), func(hash string) bool {
		shown, err := readManifest(w.git.commits[hash].tree, release.Name)
		return err == nil && shown.Release == release
	})
}

func (w *world) heldBefore(environment string, release evidence.Subject) bool {
	tip := w.git.commits[w.git.refs[envBranch(environment)]]
	return len(tip.parents) > 0 && slices.ContainsFunc(w.git.history(tip.parents[0]), func(hash string) bool {
		shown, err := readManifest(w.git.commits[hash].tree, release.Name)
		return err == nil && shown.Release == release
	})
}

// promoted is what a commit of main wants of a model in an environment.
type promoted struct {
	pinned  evidence.Digest
	feature string
	seed    uint64
}

func (w *world) promotion(source *commit, environment, model string) (promoted, bool) {
	var file v1alpha1.Promotion
	var recipe v1alpha1.Model
	if !decode(source.tree, promotionFile(environment, model), &file) || !decode(source.tree, recipeFile(model), &recipe) {
		return promoted{}, false
	}
	return promoted{evidence.Digest(file.Spec.Release), recipe.Spec.Features[0], recipe.Spec.Trainer.Seed}, true
}

func decode(tree fs.FS, name string, into v1alpha1.Object) bool {
	text, err := fs.ReadFile(tree, name)
	return err == nil && v1alpha1.Decode(name, text, into) == nil
}

func (w *world) quarantined(source *commit, release evidence.Digest) bool {
	orders, err := promotion.Quarantines(source.tree)
	if err != nil {
		w.violated("quarantines cannot be read: %v", err)
	}
	return slices.ContainsFunc(orders, func(order v1alpha1.Quarantine) bool { return order.Spec.Digest == string(release) })
}

// frozen reads freezes without the help of what delivers.
func (w *world) frozen(source *commit, environment string, now time.Time) bool {
	for name := range under(source.files, "freezes") {
		var order v1alpha1.Freeze
		if !decode(source.tree, "freezes/"+name, &order) || !slices.Contains(order.Spec.Environments, environment) {
			continue
		}
		from, begins := time.Parse(time.RFC3339, order.Spec.From)
		until, ends := time.Parse(time.RFC3339, order.Spec.Until)
		if begins != nil || ends != nil || !now.Before(from) && now.Before(until) {
			return true
		}
	}
	return false
}

// madeOf is what the trainer wrote into a release.
func (w *world) madeOf(release evidence.Subject) trained {
	var made trained
	if there := w.registry[release.Digest]; there == nil || json.Unmarshal(there.files[modelFile], &made) != nil || len(made.Features) == 0 {
		return trained{Features: []string{"nothing"}}
	}
	return made
}
