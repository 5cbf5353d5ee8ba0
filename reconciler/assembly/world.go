package assembly

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// exposures are for how long releases were seen healthy, by promotion.
type exposures map[promotion.Pair]environment.Exposure

// Healthy implements promotion.Exposed.
func (e exposures) Healthy(in string, release evidence.Subject) (time.Duration, bool) {
	seen, watched := e[promotion.Pair{Environment: in, Model: release.Name}]
	return seen.For(release.Digest), watched
}

// Expose says for how long releases were seen healthy. Rules that ask for a soak
// are told so from then on; until then, that nobody has watched.
func (w *Workshop) Expose(seen map[promotion.Pair]environment.Exposure) {
	exposed := exposures(seen)
	w.exposed.Store(&exposed)
}

func (w *Workshop) exposures() exposures {
	if seen := w.exposed.Load(); seen != nil {
		return *seen
	}
	return nil
}

// World reads what a plan is made from, as of what was fetched last. What people
// closed is for the forge to tell.
func (w *Workshop) World(ctx context.Context, branch string) (environment.World, error) {
	world := environment.World{Time: w.options.Clock()}
	tree, err := w.Repository.Tree(branch)
	if err != nil {
		return world, err
	}
	pairs, err := promotion.Pairs(tree)
	if err != nil {
		return world, err
	}
	orders, err := promotion.Quarantines(tree)
	if err != nil {
		return world, err
	}
	if world.Environments, err = environmentsIn(tree); err != nil {
		return world, err
	}
	for i := range world.Environments {
		here := &world.Environments[i]
		here.Quarantined = quarantinedIn(here.Name, orders)
		here.Stopped = strings.Join(w.edits([]string{here.Name})[here.Name], "; ")
		if here.Models, err = w.models(ctx, tree, here.Name, pairs); err != nil {
			return world, err
		}
	}
	return world, w.choices(branch, &world)
}

// Environments are those of the world, and where each is served, as of what was
// fetched last: what a look at clusters needs to know, which asks for no history.
func (w *Workshop) Environments(branch string) ([]environment.Environment, error) {
	tree, err := w.Repository.Tree(branch)
	if err != nil {
		return nil, err
	}
	return environmentsIn(tree)
}

func environmentsIn(tree fs.FS) ([]environment.Environment, error) {
	read, err := promotion.Environments(tree)
	if err != nil {
		return nil, err
	}
	clusters, err := promotion.Clusters(tree)
	if err != nil {
		return nil, err
	}
	var found []environment.Environment
	for _, one := range read {
		here := environment.Environment{Name: one.Metadata.Name, Spec: one.Spec}
		for _, cluster := range clusters {
			if slices.Contains(cluster.Spec.Environments, here.Name) {
				here.Clusters = append(here.Clusters, cluster.Metadata.Name)
			}
		}
		found = append(found, here)
	}
	return found, nil
}

func quarantinedIn(name string, orders []v1alpha1.Quarantine) []evidence.Digest {
	var found []evidence.Digest
	for _, order := range orders {
		if len(order.Spec.Environments) == 0 || slices.Contains(order.Spec.Environments, name) {
			found = append(found, evidence.Digest(order.Spec.Digest))
		}
	}
	return found
}

func (w *Workshop) models(ctx context.Context, tree fs.FS, name string, pairs []promotion.Pair) ([]environment.Model, error) {
	var models []environment.Model
	for _, pair := range pairs {
		if pair.Environment != name {
			continue
		}
		pinned, err := promotion.Pinned(tree, pair)
		if err != nil {
			return nil, err
		}
		past, err := w.branches.Admissions(ctx, name, pair.Model)
		if err != nil {
			return nil, err
		}
		models = append(models, environment.Model{
			Name: pair.Model, Pin: environment.Pin{Release: pinned}, Admissions: past, Exposure: w.exposures()[pair],
		})
	}
	return models, nil
}

// choices adds who pinned what is pinned, and when, where that matters: it is
// read from the history of main, and most models have nothing that comes next.
func (w *Workshop) choices(branch string, world *environment.World) error {
	for _, standing := range environment.Look(*world) {
		here, model := world.Find(standing.Environment, standing.Model)
		if standing.Next == "" || standing.Pinned == "" || here.Spec.Promote != v1alpha1.Automatic {
			continue
		}
		pin, err := w.pin(branch, promotion.Pair{Environment: standing.Environment, Model: standing.Model})
		if err != nil {
			return err
		}
		pin.Release = model.Pin.Release
		model.Pin = pin
	}
	return nil
}

// pin is the commit of main that a promotion's file is as it is since.
func (w *Workshop) pin(branch string, pair promotion.Pair) (environment.Pin, error) {
	versions, err := w.Repository.Versions(branch, pair.File())
	if err != nil || len(versions) == 0 {
		return environment.Pin{}, err
	}
	commit, err := w.Repository.Resolve(versions[0].Commit)
	if err != nil {
		return environment.Pin{}, err
	}
	ours := strings.Contains(commit.Message, proposalTrailer)
	for _, parent := range commit.Parents[min(1, len(commit.Parents)):] {
		merged, err := w.Repository.Resolve(parent)
		if err != nil {
			return environment.Pin{}, err
		}
		ours = ours || strings.Contains(merged.Message, proposalTrailer)
	}
	return environment.Pin{Commit: commit.Hash, Time: commit.Committer.Time, Ours: ours}, nil
}

// soaked says for each environment before whether a release has served there for
// long enough: what a verdict reads of exposures, which change by the minute.
func (w *Workshop) soaked(trees []fs.FS, pair promotion.Pair) ([]bool, error) {
	var told []bool
	release, err := promotion.Pinned(trees[0], pair)
	if err != nil {
		return nil, err
	}
	for _, tree := range trees {
		all, err := promotion.Environments(tree)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if one.Metadata.Name != pair.Environment || one.Spec.Soak.Duration == 0 {
				continue
			}
			for _, before := range one.Spec.After {
				healthy, _ := w.exposures().Healthy(before, evidence.Subject{Name: pair.Model, Digest: release})
				told = append(told, healthy >= one.Spec.Soak.Duration)
			}
		}
	}
	return told, nil
}
