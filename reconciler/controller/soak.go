package controller

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// How much healthy time is written at once: what a process that ends may lose.
// It grows with every look, and each write is one of etcd's.
const (
	waiting = time.Minute // while a soak waits for it
	settles = time.Hour   // when none does
)

// tell writes what was seen into each promotion's status, where there is news.
func (e *Exposures) tell(ctx context.Context, looked bool, environments []environment.Environment, all []*watched) error {
	var failed []error
	for _, one := range all {
		said := conditionsFrom(only(one.shown.Status.Conditions, kube.Soaking), one.shown.Generation, e.clock.Now())
		said.soaking(looked, one.seen, asks(environments, all, one))
		failed = append(failed, e.write(ctx, one, said.list))
	}
	return errors.Join(failed...)
}

func (e *Exposures) write(ctx context.Context, one *watched, said []metav1.Condition) error {
	before := one.shown.Status
	same := equality.Semantic.DeepEqual(only(before.Conditions, kube.Soaking), said)
	if same && !news(exposureOf(before.Exposure), one.seen, len(said) > 0) {
		return nil
	}
	part := kube.PromotionStatus{Exposure: shownExposure(one.seen), Conditions: said}
	return applyStatus(ctx, e.book.client, one.shown, "Promotion", ownerOfExposures, &part, said)
}

// news holds when an exposure is worth a write.
func news(before, seen environment.Exposure, soaking bool) bool {
	enough := settles
	if soaking {
		enough = waiting
	}
	return before.Release != seen.Release || before.Unwell.IsZero() != seen.Unwell.IsZero() || seen.Healthy-before.Healthy >= enough
}

// wish is what an environment asks for before a release comes to it.
type wish struct {
	environment string
	soak        time.Duration
}

// asks is the longest soak that what runs here has still to give: to an
// environment that comes after this one, has the model, and does not serve this
// release yet. Zero when there is none.
func asks(environments []environment.Environment, all []*watched, here *watched) wish {
	var longest wish
	release := releaseAt(here)
	for _, there := range environments {
		if there.Spec.Soak.Duration <= longest.soak || !slices.Contains(there.Spec.After, here.pair.Environment) {
			continue
		}
		if slices.ContainsFunc(all, func(other *watched) bool {
			return other.pair.Environment == there.Name && other.pair.Model == here.pair.Model && !serves(other.shown, release)
		}) {
			longest = wish{there.Name, there.Spec.Soak.Duration}
		}
	}
	return longest
}

// releaseAt is what was seen, or else what should be there.
func releaseAt(one *watched) string {
	if one.seen.Release != "" {
		return string(one.seen.Release)
	}
	return one.shown.Status.Release
}

func serves(shown *kube.Promotion, release string) bool {
	return shown.Status.Release == release && meta.IsStatusConditionTrue(shown.Status.Conditions, kube.Ready)
}

// soaking says what a soak waits for, in words that do not change as it goes on.
func (c *conditions) soaking(looked bool, seen environment.Exposure, asked wish) {
	if asked.soak == 0 || seen.Healthy >= asked.soak {
		c.remove(kube.Soaking)
		return
	}
	wanted := fmt.Sprintf("%s asks for %s of healthy time before a release comes there", asked.environment, asked.soak)
	switch {
	case !looked:
		c.set(kube.Soaking, metav1.ConditionTrue, "NobodyLooks", wanted+", and nobody looks at what runs\nhint: start the reconciler with --health argo, or with --health workloads")
	case seen.Release == "":
		c.set(kube.Soaking, metav1.ConditionTrue, "NothingSeen", wanted+", and nothing is seen to serve here")
	case !seen.Unwell.IsZero():
		c.set(kube.Soaking, metav1.ConditionTrue, "Degraded", wanted+"; it is degraded, which earns nothing")
	default:
		c.set(kube.Soaking, metav1.ConditionTrue, "Counting", wanted+"; status.exposure counts it")
	}
}

// exposureOf reads what was written.
func exposureOf(written *kube.Exposure) environment.Exposure {
	if written == nil {
		return environment.Exposure{}
	}
	release, err := evidence.ParseDigest(written.Release)
	if err != nil {
		return environment.Exposure{}
	}
	read := environment.Exposure{Release: release, Healthy: written.Healthy.Duration}
	if written.Seen != nil {
		read.Seen = written.Seen.Time
	}
	if written.Unwell != nil {
		read.Unwell = written.Unwell.Time
	}
	return read
}

// shownExposure is what is written: whole seconds, and never more than was seen.
func shownExposure(seen environment.Exposure) *kube.Exposure {
	if seen.Release == "" {
		return nil
	}
	written := &kube.Exposure{Release: string(seen.Release), Healthy: metav1.Duration{Duration: seen.Healthy.Truncate(time.Second)}}
	if !seen.Seen.IsZero() {
		written.Seen = &metav1.Time{Time: seen.Seen}
	}
	if !seen.Unwell.IsZero() {
		written.Unwell = &metav1.Time{Time: seen.Unwell}
	}
	return written
}

// only keeps the conditions of one kind.
func only(list []metav1.Condition, kind string) []metav1.Condition {
	return slices.DeleteFunc(slices.Clone(list), func(one metav1.Condition) bool { return one.Type != kind })
}

// without leaves out the conditions of one kind.
func without(list []metav1.Condition, kind string) []metav1.Condition {
	return slices.DeleteFunc(slices.Clone(list), func(one metav1.Condition) bool { return one.Type == kind })
}
