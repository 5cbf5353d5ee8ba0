package simulation

import (
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// The oracle knows what is right without asking what it examines: by the
// features of a model, and by what branches have held.

// allows says whether a promotion may be delivered as files say. Orders count
// where any of the commits has them: nobody lifts one by the change that it keeps out.
func (w *world) allows(at *commit, environment, model string, also ...*commit) bool {
	wanted, readable := w.promotion(at, environment, model)
	if !readable {
		return false
	}
	first := environment == environments[0]
	release := evidence.Subject{Name: model, Digest: wanted.pinned}
	feature := wanted.feature
	if wanted.pinned == "" {
		release.Digest = w.releaseOf(model, wanted.feature, wanted.seed)
		return first && good(feature, environment) && w.free(append(also, at), environment, release)
	}
	feature = w.madeOf(release).Features[0]
	before := environments[max(slices.Index(environments, environment)-1, 0)]
	turn := first || w.held(before, release) || w.held(environment, release)
	return turn && good(feature, environment) && w.free(append(also, at), environment, release)
}

// free holds where no quarantine names the release, and no freeze keeps it out; one
// that was there before may come back.
func (w *world) free(at []*commit, environment string, release evidence.Subject) bool {
	return !slices.ContainsFunc(at, func(one *commit) bool {
		frozen := w.frozen(one, environment, w.instant()) && !w.held(environment, release)
		return frozen || w.quarantined(one, release.Digest)
	})
}

// instant is the one that freezes are asked about: now, unless a merge was decided
// some time ago.
func (w *world) instant() time.Time {
	if w.asOf.IsZero() {
		return time.Now()
	}
	return w.asOf
}

// releaseOf finds what was made by a recipe; none, while nobody has trained it.
func (w *world) releaseOf(model, feature string, seed uint64) evidence.Digest {
	for digest := range w.registry {
		made := w.madeOf(evidence.Subject{Name: model, Digest: digest})
		if made.Features[0] == feature && made.Seed == seed && w.registry[digest].name == model {
			return digest
		}
	}
	return ""
}

// passesAt says whether merging a head into a base may go ahead, and whether
// the two can be judged at all.
func (w *world) passesAt(base, head string) bool {
	files, err := w.git.merge(base, head)
	if err != nil {
		return false
	}
	at := &commit{files: files, tree: treeOf(files)}
	if promotion.Validate(at.tree) != nil {
		return false
	}
	pairs, err := promotion.Affected(at.tree, differing(w.git.commits[base].files, files))
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(pairs, func(pair promotion.Pair) bool {
		return !w.allows(at, pair.Environment, pair.Model, w.git.commits[base])
	})
}

// merged holds every merge to what was judged.
func (p *place) merged(base, head string) {
	w := p.world
	if p.merges[p.number] > 1 {
		w.violated("pull request %d was merged twice", p.number)
	}
	if p.merger == person {
		return
	}
	for _, life := range w.living() {
		if life.name() == p.merger {
			w.asOf = life.job.began
			defer func() { w.asOf = time.Time{} }()
		}
	}
	w.trace.add("  forge: %s merges %d at %.7s into %.7s", p.merger, p.number, head, base)
	switch {
	case !p.allowed[head]:
		w.violated("pull request %d was merged at %.7s, of which there is no verdict that allows it", p.number, head)
	// No forge compares the base: one that moved after it was read is merged with.
	// What comes of it is judged again before it is delivered.
	case !w.passesAt(p.saw[p.merger], head):
		w.violated("pull request %d was merged at %.7s, and merging it with %.7s is not allowed", p.number, head, p.saw[p.merger])
	}
}

// standing is what the summary says on the head of a pull request.
func (p *place) standing(number int64) string {
	head, said := p.Pull(number).Head, ""
	for _, status := range p.Statuses(head) {
		if status.Name == summary {
			said = status.State
		}
	}
	for _, run := range p.Runs(head) {
		if run.Name == summary {
			said = run.Status + " " + run.Conclusion
		}
	}
	return said
}

const summary = "assay"

func passes(standing string) bool {
	return slices.Contains([]string{"success", "completed success", "completed neutral"}, standing)
}

// settled holds the world at rest to everything that is merged and asked for.
func (w *world) settled() {
	if w.edited() != "" {
		return // nothing moves before somebody has accepted it
	}
	tip := w.git.commits[w.git.refs[mainline]]
	if promotion.Validate(tip.tree) == nil {
		w.allDelivered(tip)
	}
	for _, number := range w.openPulls() {
		w.allSaid(number)
	}
}

func (w *world) allDelivered(tip *commit) {
	for _, environment := range environments {
		for _, model := range models {
			serves := w.served(environment, model)
			wanted, promoted := w.promotion(tip, environment, model)
			if !promoted {
				if serves != "" {
					w.violated("%s is still in %s, and nobody promotes it", model, environment)
				}
				continue
			}
			release := wanted.pinned
			if release == "" {
				release = w.releaseOf(model, wanted.feature, wanted.seed)
			}
			if w.allows(tip, environment, model) && serves != release {
				w.violated("%s is to serve %s in %s, and what does is %q", model, release.Short(), environment, serves)
			}
		}
	}
}

func (w *world) allSaid(number int64) {
	pull := w.forge.Pull(number)
	right := w.passesAt(w.git.refs[mainline], pull.Head) && (!pull.Fork || w.vouched(number))
	if said := w.forge.standing(number); passes(said) != right {
		w.violated("pull request %d at %.7s is told %q, and that it passes is %v", number, pull.Head, said, right)
	}
	ours := 0
	for _, comment := range w.forge.Comments(number) {
		if comment.Login == w.forge.kind.login {
			ours++
		}
	}
	if ours > 1 {
		w.violated("pull request %d has %d comments of ours", number, ours)
	}
}

func (w *world) vouched(number int64) bool {
	pull := w.forge.Pull(number)
	for _, comment := range w.forge.Comments(number) {
		if comment.Login == person && comment.Body == "/assay check "+pull.Head {
			return true
		}
	}
	for _, review := range pull.Reviews {
		if review.State == "approved" && review.Commit == pull.Head && w.forge.kind.name != "gitlab" {
			return true
		}
	}
	return false
}
