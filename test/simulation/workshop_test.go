package simulation

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// workshop is one process's copy of the promotion repository with its tools:
// what reconciler/assembly is for the real libraries.
type workshop struct {
	process *process
	world   *world
	disk    *disk
	refs    map[string]string // as they were fetched last
	decided time.Time         // when it was last decided to deliver

	last     []kube.Branch // the tips that were seen last
	accepted string        // what somebody has accepted of them
	edited   []environment.Edited
}

func (w *workshop) fetch() error {
	return w.process.effect("git: fetch", true, func() error {
		w.refs = maps.Clone(w.world.git.refs)
		return nil
	})
}

// Tip implements controller.Workshop.
func (w *workshop) Tip(_ context.Context, branch string) (string, error) {
	err := w.fetch()
	return w.refs[branch], err
}

// Merged implements controller.Workshop.
func (w *workshop) Merged(ctx context.Context, branch string) (string, []*promotion.State, error) {
	if err := w.fetch(); err != nil {
		return "", nil, err
	}
	tip := w.refs[branch]
	tree := w.world.git.commits[tip].tree
	if err := w.watch(branch); err != nil {
		return tip, nil, err
	}
	if err := promotion.Validate(tree); err != nil {
		return tip, nil, err
	}
	tools, err := w.tools(tree)
	if err != nil {
		return tip, nil, err
	}
	pairs, err := promotion.Pairs(tree)
	if err != nil {
		return tip, nil, err
	}
	states, err := promotion.RunAll(ctx, tools, pairs, promotion.Request{Tree: tree, Commit: w.commit(tip), Time: time.Now()})
	return tip, states, errors.Join(err, w.withdraw(ctx, pairs), w.watch(branch))
}

// watch notices what lost its past, as assembly does before and after a run.
func (w *workshop) watch(branch string) error {
	now, err := w.tips(branch)
	if err != nil {
		return err
	}
	edited, err := environment.Watch(w.last, now, func(commit, ancestor string) (bool, error) { return w.world.git.contains(commit, ancestor), nil })
	if err != nil {
		return err
	}
	w.edited = environment.Unaccepted(edited, w.accepted)
	w.last = environment.Remember(now, w.edited)
	return nil
}

func (w *workshop) tips(branch string) ([]kube.Branch, error) {
	now := []kube.Branch{{Name: branch, Commit: w.refs[branch]}}
	delivered, err := w.Delivered()
	for _, name := range sortedKeys(delivered) {
		now = append(now, kube.Branch{Name: name, Commit: delivered[name]})
	}
	return now, err
}

// Remember implements controller.Watcher.
func (w *workshop) Remember(last []kube.Branch, accepted string) {
	if w.last == nil {
		w.last = slices.Clone(last)
	}
	w.accepted = accepted
}

// Branches implements controller.Watcher.
func (w *workshop) Branches(branch string) ([]kube.Branch, error) {
	now, err := w.tips(branch)
	return environment.Remember(now, w.edited), err
}

// stopped tells every environment when main lost its past. The simulation edits no
// other branch.
func (w *workshop) stopped() map[string][]string {
	told := map[string][]string{}
	for _, one := range w.edited {
		for _, name := range environments {
			told[name] = append(told[name], one.String())
		}
	}
	return told
}

func (w *workshop) commit(hash string) gates.Commit {
	made := w.world.git.commits[hash]
	return gates.Commit{Hash: hash, Author: made.author, Time: made.at}
}

func (w *workshop) withdraw(ctx context.Context, pairs []promotion.Pair) error {
	if len(w.edited) > 0 {
		return nil // what main holds is not to be believed
	}
	var failed []error
	for _, environment := range environments {
		var promoted []string
		for _, pair := range pairs {
			if pair.Environment == environment {
				promoted = append(promoted, pair.Model)
			}
		}
		failed = append(failed, w.Withdraw(ctx, environment, promoted))
	}
	return errors.Join(failed...)
}

func (w *workshop) tools(base fs.FS) (promotion.Tools, error) {
	platform, err := promotion.ReadPlatform(base)
	if err != nil {
		return promotion.Tools{}, err
	}
	work := bench{w.process, w.world, w.disk}
	tools := promotion.Tools{
		Rows: work, Trainer: work, Signer: reconcilerKey, Trust: believed, Packer: packer{w.process, w.world}, Judge: court{w.world.flaws},
		Log: page{w.process, w.world}, Renderer: renderer{w.world.flaws}, Deliverer: w, Ledger: promotion.Ledger(w.disk.dir),
		Admitted: w, Edited: w.stopped(), Clock: time.Now, Platform: platform, Base: base, Version: "simulation", Builder: "https://example.org/builder",
	}
	for _, name := range gates.Names() {
		tools.Gates = append(tools.Gates, gate(name))
	}
	return tools, nil
}

// Serving implements promotion.Deliverer, from what was fetched.
func (w *workshop) Serving(_ context.Context, environment, model string) (promotion.Served, error) {
	return w.servedAt(w.refs[envBranch(environment)], model)
}

func (w *workshop) servedAt(hash, model string) (promotion.Served, error) {
	at := w.world.git.commits[hash]
	if at == nil {
		return promotion.Served{}, nil
	}
	shown, err := readManifest(at.tree, model)
	return promotion.Served{Release: shown.Release, Envelopes: shown.Envelopes}, err
}

// Recall implements promotion.Deliverer.
func (w *workshop) Recall(_ context.Context, environment string, release evidence.Subject) (promotion.Served, error) {
	if w.world.flaws.turnForgotten {
		return promotion.Served{Release: release}, nil
	}
	for _, hash := range w.world.git.history(w.refs[envBranch(environment)]) {
		served, err := w.servedAt(hash, release.Name)
		if err != nil || served.Release == release {
			return served, err
		}
	}
	return promotion.Served{}, nil
}

// Admissions implements promotion.Admitted.
func (w *workshop) Admissions(_ context.Context, environment, model string) ([]promotion.Admission, error) {
	var found []promotion.Admission
	var last evidence.Digest
	for _, hash := range slices.Backward(w.world.git.history(w.refs[envBranch(environment)])) {
		served, err := w.servedAt(hash, model)
		if err != nil {
			return nil, err
		}
		if served.Release.Digest != last {
			last = served.Release.Digest
			found = append(found, promotion.Admission{Release: last, Commit: hash, Time: w.world.git.commits[hash].at})
		}
	}
	slices.Reverse(found)
	return found, nil
}

// Deliver implements promotion.Deliverer.
func (w *workshop) Deliver(_ context.Context, delivery promotion.Delivery) (string, error) {
	written := map[string]string{}
	for name, content := range delivery.Files {
		written[name] = string(content)
	}
	return w.rewrite(delivery.Environment, delivery.Message, func(name string) bool {
		model, _, _ := strings.Cut(name, "/")
		return !slices.Contains(delivery.Models, model)
	}, written)
}

// Delivered implements controller.Workshop.
func (w *workshop) Delivered() (map[string]string, error) {
	found := map[string]string{}
	for ref, tip := range w.refs {
		if strings.HasPrefix(ref, "env/") {
			found[ref] = tip
		}
	}
	return found, nil
}

// Withdraw implements promotion.Deliverer.
func (w *workshop) Withdraw(_ context.Context, environment string, promoted []string) error {
	if w.refs[envBranch(environment)] == "" || w.world.flaws.nothingWithdrawn {
		return nil
	}
	_, err := w.rewrite(environment, "withdraw what is not promoted any more\n", func(name string) bool {
		model, _, inFolder := strings.Cut(name, "/")
		return !inFolder || slices.Contains(promoted, model)
	}, nil)
	return err
}

// rewrite puts one commit on the branch, as gitrepo does: on top of what is
// there now, once more when another writer was faster, and none when nothing
// would change.
func (w *workshop) rewrite(environment, message string, keep func(name string) bool, files map[string]string) (string, error) {
	w.decided = time.Now()
	if err := w.fetch(); err != nil {
		return "", err
	}
	git, branch := w.world.git, envBranch(environment)
	for range 2 {
		tip, whole := w.refs[branch], maps.Clone(files)
		if whole == nil {
			whole = map[string]string{}
		}
		var parents []string
		if at := git.commits[tip]; at != nil {
			parents = []string{tip}
			for name, text := range at.files {
				if keep(name) && whole[name] == "" {
					whole[name] = text
				}
			}
			if maps.Equal(whole, at.files) {
				return tip, nil
			}
		}
		made := git.write(parents, whole, "reconciler@assay.dev", message, time.Now())
		err := w.process.effect("git: push "+branch+" "+strings.SplitN(message, "\n", 2)[0], false, func() error {
			w.world.decided = w.decided
			return git.push(branch, tip, made)
		})
		if !errors.Is(err, errMoved) {
			return made, err
		}
		if err := w.fetch(); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("writing %s: %w", branch, errMoved)
}
