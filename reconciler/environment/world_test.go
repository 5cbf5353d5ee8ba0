package environment

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var (
	epoch = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	r1    = evidence.Sum([]byte("one"))
	r2    = evidence.Sum([]byte("two"))
	r3    = evidence.Sum([]byte("three"))
)

// day is an instant of the stories: so many days after they begin.
func day(n int) time.Time { return epoch.AddDate(0, 0, n) }

// held is what a branch has held, the newest first, a day apart.
func held(releases ...evidence.Digest) []promotion.Admission {
	var past []promotion.Admission
	for i, release := range releases {
		past = append(past, promotion.Admission{Release: release, Commit: fmt.Sprint("c", len(releases)-i), Time: day(len(releases) - i)})
	}
	return past
}

// soaked is an exposure that satisfies the stories' soak of two days.
func soaked(release evidence.Digest) Exposure {
	return Exposure{Release: release, Healthy: 50 * time.Hour, Seen: day(20)}
}

// stage is a world of two environments: staging serves r2, and production r1.
func stage(change func(staging, production *Environment)) World {
	staging := Environment{Name: "staging", Models: []Model{{Name: "tumour", Admissions: held(r2, r1), Exposure: soaked(r2)}}}
	production := Environment{
		Name: "production",
		Spec: v1alpha1.EnvironmentSpec{After: v1alpha1.Names{"staging"}, Promote: v1alpha1.Automatic,
			Soak: v1alpha1.Soak{Duration: 48 * time.Hour}, Rollback: v1alpha1.Rollback{After: time.Hour}},
		Models: []Model{{Name: "tumour", Admissions: held(r1), Pin: Pin{Release: r1, Time: day(1), Ours: true}, Exposure: soaked(r1)}},
	}
	if change != nil {
		change(&staging, &production)
	}
	return World{Time: day(20), Environments: []Environment{staging, production}}
}

// only is the one proposal of a plan, and none when there is none.
func only(t *testing.T, world World) Proposal {
	t.Helper()
	plan := Plan(world)
	if len(plan) > 1 {
		t.Fatalf("planned %+v", plan)
	}
	if len(plan) == 0 {
		return Proposal{}
	}
	return plan[0]
}

func TestWhatFailsInOneEnvironmentStaysOutOfThoseBelow(t *testing.T) {
	world := World{}
	for _, one := range []struct {
		name  string
		after v1alpha1.Names
	}{{"development", nil}, {"staging", v1alpha1.Names{"development"}}, {"europe", v1alpha1.Names{"staging"}}, {"us", v1alpha1.Names{"staging"}}, {"world", v1alpha1.Names{"europe", "us"}}} {
		world.Environments = append(world.Environments, Environment{Name: one.name, Spec: v1alpha1.EnvironmentSpec{After: one.after}})
	}
	for from, want := range map[string][]string{
		"world":   {"world"},
		"europe":  {"europe", "world"},
		"staging": {"staging", "europe", "us", "world"},
	} {
		if got := world.Below(from); !slices.Equal(got, want) {
			t.Errorf("below %s are %v", from, got)
		}
	}
}

func TestAWorldIsAskedByName(t *testing.T) {
	world := stage(nil)
	if here, model := world.Find("production", "tumour"); here == nil || model == nil || model.Serves() != r1 || model.Pin.Release != r1 {
		t.Errorf("found %v, %v", here, model)
	}
	if here, model := world.Find("production", "other"); here == nil || model != nil {
		t.Errorf("found %v, %v", here, model)
	}
	if here, model := world.Find("moon", "tumour"); here != nil || model != nil {
		t.Errorf("found %v, %v", here, model)
	}
	if empty := (Model{}); empty.Serves() != "" {
		t.Error("nothing serves something")
	}
}
