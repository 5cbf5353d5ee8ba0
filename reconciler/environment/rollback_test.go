package environment

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// failing is a world in which production serves r2, degraded for two hours.
func failing(change func(*Environment)) World {
	return stage(func(_, p *Environment) {
		p.Models[0] = Model{Name: "tumour", Admissions: held(r2, r1), Pin: Pin{Release: r2, Time: day(2), Ours: true},
			Exposure: Exposure{Release: r2, Unwell: day(20).Add(-2 * time.Hour)}}
		if change != nil {
			change(p)
		}
	})
}

func TestWhatStaysDegradedGoesBack(t *testing.T) {
	got := only(t, failing(nil))
	if got.Way != Rollback || got.Environment != "production" || got.Release != r1 || got.Leaves != r2 || !strings.Contains(got.Reason, "degraded since 2026-11-21T06:00:00Z") {
		t.Errorf("planned %+v", got)
	}
}

func TestWhatIsBorneOrHasNoWayBackStays(t *testing.T) {
	for name, change := range map[string]func(*Environment){
		"it is degraded for a moment": func(p *Environment) { p.Models[0].Exposure.Unwell = day(20).Add(-time.Hour + time.Second) },
		"it is well":                  func(p *Environment) { p.Models[0].Exposure.Unwell = time.Time{} },
		"people go back here":         func(p *Environment) { p.Spec.Rollback.After = 0 },
		"another was degraded":        func(p *Environment) { p.Models[0].Exposure.Release = r1 },
		"nothing was here before":     func(p *Environment) { p.Models[0].Admissions = held(r2) },
		"what was is quarantined":     func(p *Environment) { p.Quarantined = []evidence.Digest{r1} },
		"it came by a rollback":       func(p *Environment) { p.Models[0].Admissions = held(r2, r3, r2, r1) },
		"main goes back already":      func(p *Environment) { p.Models[0].Pin.Release = r1 },
		"its branch was edited":       func(p *Environment) { p.Stopped = "edited" },
		"the model was taken away":    func(p *Environment) { p.Models[0].Admissions = held("", r2, r1) },
	} {
		if got := only(t, failing(change)); got.Way == Rollback {
			t.Errorf("%s: planned %+v", name, got)
		}
	}
	world := failing(nil)
	world.Closed = []Proposal{{Way: Rollback, Environment: "production", Model: "tumour", Release: r1}}
	if standing := Look(world)[1]; standing.Proposal != nil || !strings.Contains(standing.Waits, "somebody closed") {
		t.Errorf("people said no: %+v", standing)
	}
}

func TestTheWayBackLeadsToWhatWasHereBefore(t *testing.T) {
	for name, test := range map[string]struct {
		held        []evidence.Digest
		quarantined []evidence.Digest
		to, want    evidence.Digest
		why         string
	}{
		"the one before":                  {held: []evidence.Digest{r3, r2, r1}, want: r2},
		"the one before may not run":      {held: []evidence.Digest{r3, r2, r1}, quarantined: []evidence.Digest{r2}, want: r1},
		"one that is named":               {held: []evidence.Digest{r3, r2, r1}, to: r1, want: r1},
		"over a time without a model":     {held: []evidence.Digest{r2, "", r1}, want: r1},
		"it serves that already":          {held: []evidence.Digest{r3, r2}, to: r3, why: "serves " + r3.Short() + " already"},
		"it was never here":               {held: []evidence.Digest{r3, r2}, to: r1, why: "has never held"},
		"nothing was":                     {held: []evidence.Digest{r3}, why: "no release of tumour before"},
		"nothing is":                      {why: "serves no tumour"},
		"a rollback is not rolled back":   {held: []evidence.Digest{r1, r2, r1}, why: "and none is rolled back"},
		"nor by its name":                 {held: []evidence.Digest{r1, r2, r1}, to: r2, why: "assay promote goes on"},
		"but further back by name":        {held: []evidence.Digest{r2, r3, r2, r1}, to: r1, want: r1},
		"never to what may not run":       {held: []evidence.Digest{r3, r2}, quarantined: []evidence.Digest{r2}, to: r2, why: "under quarantine"},
		"nothing that was before may run": {held: []evidence.Digest{r3, r2}, quarantined: []evidence.Digest{r2}, why: "that may run"},
	} {
		got, err := Back(Environment{Name: "production", Quarantined: test.quarantined}, Model{Name: "tumour", Admissions: held(test.held...)}, test.to)
		if (err == nil) != (test.why == "") || err != nil && !strings.Contains(err.Error(), test.why) || err == nil && got != test.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if _, err := Back(Environment{}, Model{}, ""); !errors.Is(err, ErrNoWayBack) {
		t.Errorf("error is %v", err)
	}
}
