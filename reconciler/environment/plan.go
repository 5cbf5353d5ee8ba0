package environment

import (
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Way is where a proposal leads.
type Way string

// On and back.
const (
	Promote  Way = "promote"
	Rollback Way = "rollback"
)

// Proposal is a pull request to be opened: it pins a release in an environment.
type Proposal struct {
	Way         Way
	Environment string
	Model       string
	Release     evidence.Digest
	Leaves      evidence.Digest // what is pinned or served until then
	Reason      string
}

// Same holds for proposals of the same, whatever they replace and why.
func (p Proposal) Same(other Proposal) bool {
	return p.Way == other.Way && p.Environment == other.Environment && p.Model == other.Model && p.Release == other.Release
}

// Standing is how far a model has come in an environment, for people.
type Standing struct {
	Environment string
	Model       string
	Pinned      evidence.Digest
	Serves      evidence.Digest
	Exposure    Exposure
	Next        evidence.Digest // the release that comes next, if there is one
	Waits       string          // why it is not proposed; empty when it is
	Proposal    *Proposal
}

// Plan lists the pull requests that the world asks for, in the order of the
// environments and models. A proposal that is open already is listed again:
// opening it once more changes nothing.
func Plan(world World) []Proposal {
	var plan []Proposal
	for _, standing := range Look(world) {
		if standing.Proposal != nil {
			plan = append(plan, *standing.Proposal)
		}
	}
	return plan
}

// Look says of every model in every environment where it stands.
func Look(world World) []Standing {
	var all []Standing
	for _, here := range world.Environments {
		for _, model := range here.Models {
			all = append(all, look(world, here, model))
		}
	}
	return all
}

func look(world World, here Environment, model Model) Standing {
	standing := Standing{
		Environment: here.Name, Model: model.Name, Pinned: model.Pin.Release, Serves: model.Serves(), Exposure: model.Exposure,
	}
	if here.Stopped != "" {
		standing.Waits = here.Stopped
		return standing
	}
	if back, unwell := retreat(world, here, model); unwell {
		standing.Next, standing.Waits, standing.Proposal = back.Release, back.Reason, nil
		if back.Release != "" {
			standing.Waits, standing.Proposal = "", &back
		}
		return standing
	}
	standing.Next = Next(world, here, model)
	if standing.Next == "" {
		return standing
	}
	if standing.Waits = waits(world, here, model, standing.Next); standing.Waits == "" {
		standing.Proposal = &Proposal{Way: Promote, Environment: here.Name, Model: model.Name, Release: standing.Next, Leaves: model.Pin.Release,
			Reason: fmt.Sprintf("%s has served healthily in %s", standing.Next.Short(), list(here.Spec.After))}
	}
	return standing
}

// Next is the release that every environment before serves, where that is news:
// neither what is pinned here already nor older than that.
func Next(world World, here Environment, model Model) evidence.Digest {
	var release evidence.Digest
	for _, name := range here.Spec.After {
		_, before := world.Find(name, model.Name)
		if before == nil || before.Serves() == "" || release != "" && before.Serves() != release {
			return ""
		}
		release = before.Serves()
		if promotion.Older(before.Admissions, release, model.Pin.Release) {
			return ""
		}
	}
	if release == model.Pin.Release {
		return ""
	}
	return release
}

// waits is why the next release is not proposed yet.
func waits(world World, here Environment, model Model, release evidence.Digest) string {
	if here.Spec.Promote != v1alpha1.Automatic {
		return "people promote here"
	}
	if slices.Contains(here.Quarantined, release) {
		return "it is under quarantine"
	}
	for _, name := range here.Spec.After {
		before, there := world.Find(name, model.Name)
		switch healthy := there.Exposure.For(release); {
		case before.Stopped != "":
			return fmt.Sprintf("%s has stopped: %s", name, before.Stopped)
		case !there.Exposure.Unwell.IsZero():
			return "it is degraded in " + name
		case healthy < here.Spec.Soak.Duration:
			return fmt.Sprintf("it has soaked in %s for %s of %s", name, healthy.Round(time.Second), here.Spec.Soak.Duration)
		}
	}
	return hold(world, here, model, release)
}

func contains(names []string, name string) bool { return slices.Contains(names, name) }
