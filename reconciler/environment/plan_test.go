package environment

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func TestAReleaseThatHasSoakedIsProposed(t *testing.T) {
	got := only(t, stage(nil))
	if got.Way != Promote || got.Environment != "production" || got.Model != "tumour" || got.Release != r2 || got.Leaves != r1 || !strings.Contains(got.Reason, "healthily in staging") {
		t.Errorf("planned %+v", got)
	}
}

// waiting lists why nothing is proposed; silent is a world in which nothing comes next.
func TestNothingIsProposedBeforeItsTime(t *testing.T) {
	for name, test := range map[string]struct {
		change func(staging, production *Environment)
		waits  string
	}{
		"it has not soaked":        {func(s, p *Environment) { s.Models[0].Exposure.Healthy = 48*time.Hour - 1 }, "it has soaked in staging for 48h0m0s of 48h0m0s"},
		"another release soaked":   {func(s, p *Environment) { s.Models[0].Exposure.Release = r1 }, "it has soaked in staging for 0s"},
		"it is degraded now":       {func(s, p *Environment) { s.Models[0].Exposure.Unwell = day(19) }, "it is degraded in staging"},
		"people promote":           {func(s, p *Environment) { p.Spec.Promote = "" }, "people promote here"},
		"people promote, as said":  {func(s, p *Environment) { p.Spec.Promote = v1alpha1.Manual }, "people promote here"},
		"under quarantine":         {func(s, p *Environment) { p.Quarantined = append(p.Quarantined, r2) }, "under quarantine"},
		"the environment stopped":  {func(s, p *Environment) { p.Stopped = "branch env/production was edited" }, "was edited"},
		"the one before stopped":   {func(s, p *Environment) { s.Stopped = "branch env/staging was edited" }, "staging has stopped: branch"},
		"staging serves nothing":   {func(s, p *Environment) { s.Models[0].Admissions = nil }, ""},
		"staging was emptied":      {func(s, p *Environment) { s.Models[0].Admissions = held("", r2) }, ""},
		"staging knows no model":   {func(s, p *Environment) { s.Models = nil }, ""},
		"it is pinned already":     {func(s, p *Environment) { p.Models[0].Pin.Release = r2 }, ""},
		"staging went back":        {func(s, p *Environment) { s.Models[0].Admissions, p.Models[0].Pin.Release = held(r2, r3, r2), r3 }, ""},
		"nobody promotes it there": {func(s, p *Environment) { p.Models = nil }, ""},
	} {
		world := stage(test.change)
		if got := only(t, world); got != (Proposal{}) {
			t.Errorf("%s: planned %+v", name, got)
		}
		waits := ""
		for _, standing := range Look(world) {
			if standing.Environment == "production" {
				waits = standing.Waits
			}
		}
		if test.waits == "" && waits != "" || !strings.Contains(waits, test.waits) {
			t.Errorf("%s: waits because %q", name, waits)
		}
	}
}

func TestTheFirstPinOfAnEnvironmentIsProposedToo(t *testing.T) {
	got := only(t, stage(func(_, p *Environment) { p.Models[0].Pin, p.Models[0].Admissions = Pin{Time: day(19)}, nil }))
	if got.Release != r2 || got.Leaves != "" {
		t.Errorf("planned %+v", got)
	}
}

// People have the last word: what they left is not proposed again, a newer
// release is.
func TestAHoldEndsWithANewerRelease(t *testing.T) {
	newer := func(staging, _ *Environment) {
		staging.Models[0].Admissions, staging.Models[0].Exposure = held(r3, r2, r1), soaked(r3)
	}
	refused := Proposal{Way: Promote, Environment: "production", Model: "tumour", Release: r2}
	for name, test := range map[string]struct {
		change func(staging, production *Environment)
		closed []Proposal
		waits  string
	}{
		"its pull request was closed": {func(*Environment, *Environment) {}, []Proposal{refused}, "somebody closed its pull request"},
		"it was reverted": {func(_, p *Environment) {
			p.Models[0].Pin, p.Models[0].Admissions = Pin{Release: r1, Time: day(1)}, held(r1, r2, r1)
		}, nil, "somebody went back"},
		"somebody chose an older one": {func(_, p *Environment) { p.Models[0].Pin = Pin{Release: r1, Time: day(3)} }, nil, "somebody chose another release"},
	} {
		world := stage(test.change)
		world.Closed = test.closed
		if got := Look(world)[1]; got.Proposal != nil || !strings.Contains(got.Waits, test.waits) {
			t.Errorf("%s: %+v, planned %+v", name, got, got.Proposal)
		}
		world = stage(func(s, p *Environment) {
			test.change(s, p)
			newer(s, p)
			p.Models[0].Pin.Time = day(2) // before the newer one came
		})
		world.Closed = test.closed
		if got := only(t, world); got.Release != r3 {
			t.Errorf("%s: a newer release came, planned %+v", name, got)
		}
	}
}

func TestAManualChoiceBeforeTheReleaseCameHoldsNothing(t *testing.T) {
	got := only(t, stage(func(_, p *Environment) { p.Models[0].Pin = Pin{Release: r1, Time: day(1)} }))
	if got.Release != r2 {
		t.Errorf("planned %+v", got)
	}
}

// Of two environments before, both have to serve the release and to have soaked it.
func TestEveryEnvironmentBeforeHasItsSay(t *testing.T) {
	diamond := func(change func(*Environment)) World {
		world := stage(func(_, p *Environment) { p.Spec.After = v1alpha1.Names{"staging", "canary"} })
		canary := Environment{Name: "canary", Models: []Model{{Name: "tumour", Admissions: held(r2, r1), Exposure: soaked(r2)}}}
		if change != nil {
			change(&canary)
		}
		world.Environments = []Environment{world.Environments[0], canary, world.Environments[1]}
		return world
	}
	if got := only(t, diamond(nil)); got.Release != r2 || !strings.Contains(got.Reason, "staging and canary") {
		t.Errorf("planned %+v", got)
	}
	for name, change := range map[string]func(*Environment){
		"one serves another":  func(c *Environment) { c.Models[0].Admissions = held(r1) },
		"one has not soaked":  func(c *Environment) { c.Models[0].Exposure.Healthy = time.Hour },
		"one is degraded":     func(c *Environment) { c.Models[0].Exposure.Unwell = day(20) },
		"one has no model":    func(c *Environment) { c.Models = nil },
		"one is not there":    func(c *Environment) { c.Name = "elsewhere" },
		"one lost its branch": func(c *Environment) { c.Stopped = "gone" },
	} {
		if got := only(t, diamond(change)); got != (Proposal{}) {
			t.Errorf("%s: planned %+v", name, got)
		}
	}
}
