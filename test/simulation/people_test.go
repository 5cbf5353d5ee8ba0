package simulation

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// change is what a person has in mind for the promotion repository; an empty
// text takes a file away.
type change struct {
	title string
	files map[string]string
}

// act is something that a person does, at any time and without looking at what
// the reconciler is about.
func (w *world) act() {
	open := w.openPulls()
	choices := []choice[func()]{{12, w.propose}, {6, w.push}, {1, w.rewind}}
	if w.edited() != "" {
		choices = append(choices, choice[func()]{12, w.accept})
	}
	if len(open) > 0 {
		number := open[w.chance.IntN(len(open))]
		choices = append(choices,
			choice[func()]{6, func() { w.pushTo(number) }}, choice[func()]{6, func() { w.approve(number) }},
			choice[func()]{8, func() { w.press(number) }}, choice[func()]{2, func() { w.closePull(number) }},
			choice[func()]{2, func() { w.vouch(number) }})
	}
	pick(w.chance, choices)()
}

func (w *world) openPulls() []int64 {
	var open []int64
	for number := int64(1); number <= w.pulls; number++ {
		if w.forge.Pull(number).State == "open" {
			open = append(open, number)
		}
	}
	return open
}

// idea is a change of what main holds.
func (w *world) idea() change {
	model := models[w.chance.IntN(len(models))]
	return pick(w.chance, []choice[func(string) change]{
		{5, w.retrain}, {8, w.promote}, {3, w.withdrawPromotion}, {1, w.recall}, {2, w.freeze}, {1, w.blunder}, {1, w.revert},
	})(model)
}

// on puts a change on a commit.
func (w *world) on(tip, author string, wanted change) string {
	files := maps.Clone(w.git.commits[tip].files)
	for name, text := range wanted.files {
		if files[name] = text; text == "" {
			delete(files, name)
		}
	}
	return w.git.write([]string{tip}, files, author, wanted.title, time.Now())
}

// push puts a change on main without asking anybody.
func (w *world) push() {
	wanted := w.idea()
	w.trace.add("a person pushes to main: %s", wanted.title)
	w.git.force(mainline, w.on(w.git.refs[mainline], person+"@example.org", wanted))
}

// rewind takes main back to what it was, as if nothing had been in between.
func (w *world) rewind() {
	past := w.git.history(w.git.refs[mainline])
	to := past[min(len(past)-1, 1+w.chance.IntN(2))]
	w.trace.add("a person rewinds main to %.7s", to)
	w.git.force(mainline, to)
}

// accept lets main go on from where it is.
func (w *world) accept() {
	var repository kube.Repository
	if err := w.cluster.Get(w.t.Context(), watched, &repository); err != nil {
		w.violated("the repository cannot be read: %v", err)
		return
	}
	tip := w.git.refs[mainline]
	w.trace.add("a person accepts that main is at %.7s", tip)
	repository.Annotations = map[string]string{environment.AcceptHistory: tip}
	if err := w.cluster.Update(w.t.Context(), &repository); err != nil {
		w.violated("the repository cannot be annotated: %v", err)
	}
	w.change()
}

// edited is what main is known to have held and does not contain; empty where it is
// whole, or somebody has accepted that it is not.
func (w *world) edited() string {
	return w.lacks(w.git.refs[mainline])
}

// lacks is what a commit of main has lost of what the reconciler has written down
// that main held.
func (w *world) lacks(tip string) string {
	var repository kube.Repository
	if err := w.cluster.Get(w.t.Context(), watched, &repository); err != nil {
		w.violated("the repository cannot be read: %v", err)
	}
	for _, branch := range repository.Status.Branches {
		if branch.Name == mainline && !w.git.contains(tip, branch.Commit) && repository.Annotations[environment.AcceptHistory] != tip {
			return branch.Commit
		}
	}
	return ""
}

// propose opens a pull request, sometimes from a fork, and sometimes on top of what
// main was a while ago.
func (w *world) propose() {
	w.pulls++
	wanted := w.idea()
	wanted.title = fmt.Sprintf("%d: %s", w.pulls, wanted.title) // a commit of its own: checks stand on commits
	base := w.git.refs[mainline]
	if w.chance.IntN(4) == 0 {
		base = w.tips[w.chance.IntN(len(w.tips))]
	}
	fork := w.chance.IntN(5) == 0
	head := w.on(base, person+"@example.org", wanted)
	branch := fmt.Sprintf("idea-%d", w.pulls)
	w.trace.add("a person asks to merge %.7s as %s (fork: %v)", head, wanted.title, fork)
	if !fork {
		w.git.force(branch, head)
	}
	w.forge.OpenPull(forgetest.Pull{Title: wanted.title, Author: person, Branch: branch, Head: head, Base: mainline, Fork: fork})
	w.happened(w.pulls)
	if w.chance.IntN(2) == 0 {
		w.approve(w.pulls)
	}
}

// happened is told to the reconciler, unless it gets lost.
func (w *world) happened(number int64) {
	w.change()
	w.hooks = append(w.hooks, hook{event: "pull_request", number: number})
}

func (w *world) pushTo(number int64) {
	pull := w.forge.Pull(number)
	wanted := w.idea()
	head := w.on(pull.Head, person+"@example.org", wanted)
	w.trace.add("a person pushes %.7s to pull request %d: %s", head, number, wanted.title)
	w.forge.Push(number, head)
	if !pull.Fork {
		w.git.force(pull.Branch, head)
	}
	w.happened(number)
}

func (w *world) approve(number int64) {
	w.trace.add("a person approves %d at %.7s", number, w.forge.Pull(number).Head)
	w.forge.Review(number, person, "approved")
	w.happened(number)
}

// vouch lets a fork be judged.
func (w *world) vouch(number int64) {
	head := w.forge.Pull(number).Head
	w.trace.add("a person lets %d be judged at %.7s", number, head)
	w.forge.Say(number, person, "/assay check "+head)
	w.happened(number)
}

func (w *world) closePull(number int64) {
	w.trace.add("a person closes %d", number)
	w.forge.Close(number)
	w.happened(number)
}

// press is the button of the forge. The branch is protected: the summary must
// have passed on the head; but what it passed on may be the merge with another main.
func (w *world) press(number int64) {
	if !passes(w.forge.standing(number)) {
		return
	}
	status := w.forge.mergeAs(number)
	w.trace.add("a person merges %d: %d %s", number, status, http.StatusText(status))
	w.happened(number)
}

// retrain changes a recipe, for better or worse.
func (w *world) retrain(model string) change {
	feature := pick(w.chance, []choice[string]{{4, marker}, {2, trend}, {2, noise}})
	seed := uint64(w.chance.IntN(3) + 1)
	return change{fmt.Sprintf("train %s on %s, seed %d", model, feature, seed), map[string]string{recipeFile(model): recipeText(model, feature, seed)}}
}

// promote pins in an environment what some environment holds: mostly its turn,
// sometimes not.
func (w *world) promote(model string) change {
	to := 1 + w.chance.IntN(len(environments)-1)
	from := pick(w.chance, []choice[int]{{2, to - 1}, {1, 0}})
	release := w.served(environments[from], model)
	if release == "" {
		release = evidence.Sum([]byte("a release that nobody made"))
	}
	return change{fmt.Sprintf("promote %s %s to %s", model, release.Short(), environments[to]), map[string]string{
		promotionFile(environments[to], model): promotionText(model, release),
	}}
}

// withdrawPromotion takes a model out of the last environment that it has reached.
func (w *world) withdrawPromotion(model string) change {
	environment := environments[0]
	for _, further := range environments {
		if w.served(further, model) != "" {
			environment = further
		}
	}
	return change{"withdraw " + model + " from " + environment, map[string]string{promotionFile(environment, model): ""}}
}

// recall puts what serves under quarantine.
func (w *world) recall(model string) change {
	release := w.served(environments[w.chance.IntN(len(environments))], model)
	if release == "" {
		release = evidence.Sum([]byte("a release of long ago"))
	}
	name := "recall-" + release.Hex()[:8]
	return change{"quarantine " + release.Short(), map[string]string{"quarantines/" + name + ".yaml": quarantineText(name, release)}}
}

// freeze keeps what is new out of some environments: from now on, or in a while, or
// until somebody takes the file away, which is the other half of the time.
func (w *world) freeze(string) change {
	file := "freezes/" + pick(w.chance, []choice[string]{{1, "weekend"}, {1, "audit"}}) + ".yaml"
	if _, there := w.git.commits[w.git.refs[mainline]].files[file]; there {
		return change{"take away " + file, map[string]string{file: ""}}
	}
	text := ""
	if w.chance.IntN(3) > 0 {
		from := time.Now().Add(time.Duration(w.chance.IntN(10)) * time.Minute).Truncate(time.Second)
		until := from.Add(time.Duration(1+w.chance.IntN(30)) * time.Minute)
		text = "  from: \"" + from.UTC().Format(time.RFC3339) + "\"\n  until: \"" + until.UTC().Format(time.RFC3339) + "\"\n"
	}
	name := strings.TrimSuffix(path.Base(file), ".yaml")
	in := environments[w.chance.IntN(len(environments))]
	return change{"freeze " + in, map[string]string{file: header("Freeze", name) + "  reason: nobody is there\n  environments: [" + in + "]\n" + text}}
}

// blunder leaves a file that cannot be read, or mends it.
func (w *world) blunder(model string) change {
	broken := recipeText(model, marker, 1) + "  speling: wrong\n"
	if w.git.commits[w.git.refs[mainline]].files[recipeFile(model)] == broken {
		broken = recipeText(model, marker, 1)
	}
	return change{"a blunder in " + model, map[string]string{recipeFile(model): broken}}
}

// revert takes the last commit back.
func (w *world) revert(string) change {
	tip := w.git.commits[w.git.refs[mainline]]
	undone := change{"revert: " + tip.message, map[string]string{}}
	if len(tip.parents) > 0 {
		before := w.git.commits[tip.parents[0]].files
		for _, name := range differing(before, tip.files) {
			undone.files[name] = before[name]
		}
	}
	return undone
}

// served is what a branch holds of a model.
func (w *world) served(environment, model string) evidence.Digest {
	at := w.git.commits[w.git.refs[envBranch(environment)]]
	if at == nil {
		return ""
	}
	shown, err := readManifest(at.tree, model)
	if err != nil {
		w.violated("what %s holds of %s cannot be read: %v", envBranch(environment), model, err)
	}
	return shown.Release.Digest
}
