package audit

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// publication is what the floor was told last.
type publication struct {
	admissible map[string][]string
	tried      time.Time
	failed     bool
}

// anyDigest tells a floor that the door only warns there (floor.Any).
const anyDigest = "*"

// Admissible lists every digest that the door would let in now, by environment: of
// all releases of the cluster, whether they run or not. It is complete once every
// release has been judged.
func (a *Auditor) Admissible(ctx context.Context, now time.Time) map[string][]string {
	type place struct{ environment, digest string }
	good := map[place]bool{}
	for _, one := range a.releases {
		spec := one.filed.Spec()
		at := place{spec.Environment, spec.Digest}
		before, seen := good[at]
		good[at] = (before || !seen) && one.admissible() && a.quarantined(one) == "" // each object of a digest must pass
	}
	for _, claimed := range a.door.Memory.Glasses() {
		if a.broken(ctx, claimed.Environment, claimed.Namespace, claimed.Model, claimed.Digest, now) {
			good[place{claimed.Environment, claimed.Digest}] = true
		}
	}
	list := map[string][]string{}
	for at, passes := range good {
		if passes {
			list[at.environment] = append(list[at.environment], at.digest)
		}
	}
	for environment, modes := range a.scene.settings.Modes {
		if modes.Softens() {
			list[environment] = []string{anyDigest} // the floor is never stricter than the door
		}
	}
	for environment := range list {
		slices.Sort(list[environment])
	}
	return list
}

// broken asks the door whether the glass was broken so that a pod of the model
// comes in. Whether the claim is true, it finds out.
func (a *Auditor) broken(ctx context.Context, environment, namespace, model, digest string, now time.Time) bool {
	profile, known := a.scene.settings.Profiles[environment]
	if !known {
		return false
	}
	verdict, err := a.door.Judge(ctx, environment, profile, now, judge.Workload{
		Kind: "Pod", Namespace: namespace, Name: model, Operation: "create",
		Models: []judge.ModelUse{{Reference: model + "@" + digest, Where: "spec.volumes[0].image", How: "image_volume", Name: model, Digest: digest}},
	})
	return err == nil && verdict.Allowed()
}

// publish tells the floor what is admissible, when that has changed, and not
// before everything has been judged: a list that lacks what was not looked at yet
// would shut out what runs.
func (a *Auditor) publish(ctx context.Context, now time.Time) error {
	last := a.published
	switch {
	case a.floor == nil || a.unjudged():
		return nil
	case last != nil && last.failed && now.Before(last.tried.Add(publishAgain)):
		a.told = time.Time{} // not all of it
		return nil
	}
	admissible := a.Admissible(ctx, now)
	if last != nil && !last.failed && reflect.DeepEqual(last.admissible, admissible) && now.Before(last.tried.Add(restore)) {
		return nil
	}
	err := a.floor.Publish(ctx, admissible)
	a.published = &publication{admissible, now, err != nil}
	a.metrics.wrote(err)
	return err
}

// unjudged says whether there is a release of which nothing is known.
func (a *Auditor) unjudged() bool {
	for _, one := range a.releases {
		if one.basis != a.basis(one.filed.Spec().Environment) {
			return true
		}
	}
	return false
}

const (
	publishAgain = 5 * time.Second  // after an error
	restore      = 30 * time.Second // when somebody may have changed what stands there
)
