package environment

import (
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// hold is the word of people that keeps a release from being proposed again;
// empty when there is none. A newer release is not held by it.
func hold(world World, here Environment, model Model, release evidence.Digest) string {
	if closed(world, Promote, here.Name, model.Name, release) {
		return "somebody closed its pull request: delete the branch of it to have it proposed again"
	}
	if slices.ContainsFunc(model.Admissions, func(admission promotion.Admission) bool { return admission.Release == release }) {
		return "it was here before, and somebody went back"
	}
	if model.Pin.Release != "" && !model.Pin.Ours && came(world, here, model, release).Before(model.Pin.Time) {
		return "somebody chose another release when it was there already"
	}
	return ""
}

// came is when the last of the environments before had admitted a release.
func came(world World, here Environment, model Model, release evidence.Digest) time.Time {
	var last time.Time
	for _, name := range here.Spec.After {
		_, before := world.Find(name, model.Name)
		var first time.Time
		for _, admission := range before.Admissions {
			if admission.Release == release {
				first = admission.Time // they come the newest first
			}
		}
		if first.After(last) {
			last = first
		}
	}
	return last
}

// closed asks whether people have said no to this proposal.
func closed(world World, way Way, environment, model string, release evidence.Digest) bool {
	return slices.ContainsFunc(world.Closed, Proposal{Way: way, Environment: environment, Model: model, Release: release}.Same)
}

// list reads as "staging and canary".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
