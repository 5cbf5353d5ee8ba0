package environment

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// ErrNoWayBack says that an environment has nothing that it could go back to.
var ErrNoWayBack = errors.New("there is no way back")

// Back finds the release that an environment goes back to: the one that it
// admitted last before what it serves, or the one that is named. It leads only
// to what this environment has held, and away from what it has held since, so a
// rollback is no way to something that it left.
func Back(here Environment, model Model, to evidence.Digest) (evidence.Digest, error) {
	serves := model.Serves()
	if serves == "" {
		return "", fmt.Errorf("%s serves no %s: %w", here.Name, model.Name, ErrNoWayBack)
	}
	if to != "" {
		return to, objection(here, model, to)
	}
	if returned(model) {
		return "", fmt.Errorf("%s is in %s by a rollback, and none is rolled back: %w\nhint: name the release with --to", serves.Short(), here.Name, ErrNoWayBack)
	}
	for _, admission := range model.Admissions {
		if admission.Release != "" && admission.Release != serves && objection(here, model, admission.Release) == nil {
			return admission.Release, nil
		}
	}
	return "", fmt.Errorf("%s has held no release of %s before %s that may run: %w", here.Name, model.Name, serves.Short(), ErrNoWayBack)
}

// objection is why there is no way back to a release.
func objection(here Environment, model Model, to evidence.Digest) error {
	was := func(admission promotion.Admission) bool { return admission.Release == to }
	switch serves := model.Serves(); {
	case to == serves:
		return fmt.Errorf("%s serves %s already", here.Name, to.Short())
	case !slices.ContainsFunc(model.Admissions, was):
		return fmt.Errorf("%s has never held %s: %w", here.Name, to.Short(), ErrNoWayBack)
	case !promotion.Older(model.Admissions, to, serves):
		return fmt.Errorf("%s came to %s after %s: %w\nhint: assay promote goes on", to.Short(), here.Name, serves.Short(), ErrNoWayBack)
	case slices.Contains(here.Quarantined, to):
		return fmt.Errorf("%s is under quarantine in %s: %w", to.Short(), here.Name, ErrNoWayBack)
	}
	return nil
}

// returned holds when what is served is here again, after something newer.
func returned(model Model) bool {
	return slices.ContainsFunc(model.Admissions, func(admission promotion.Admission) bool {
		return promotion.Older(model.Admissions, model.Serves(), admission.Release)
	})
}

// retreat says whether a release has been degraded for as long as its
// environment bears, and where it should go back to: without a release, the
// reason is why it cannot.
func retreat(world World, here Environment, model Model) (Proposal, bool) {
	unwell, serves := model.Exposure.Unwell, model.Serves()
	patience := here.Spec.Rollback.After
	if patience == 0 || unwell.IsZero() || serves == "" || model.Exposure.Release != serves || world.Time.Sub(unwell) < patience {
		return Proposal{}, false
	}
	back := Proposal{Way: Rollback, Environment: here.Name, Model: model.Name, Leaves: serves,
		Reason: fmt.Sprintf("%s has been degraded since %s", serves.Short(), unwell.UTC().Format(time.RFC3339))}
	release, err := Back(here, model, "")
	switch {
	case err != nil:
		back.Reason += "; " + err.Error()
	case closed(world, Rollback, here.Name, model.Name, release):
		back.Reason += "; somebody closed the pull request that goes back"
	case model.Pin.Release == release:
		back.Reason += "; main goes back already"
	default:
		back.Release = release
	}
	return back, true
}
