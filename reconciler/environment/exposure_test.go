package environment

import (
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// at is a look so many minutes into a story.
func at(minutes int, release evidence.Digest, health Health) Observation {
	return Observation{Release: release, Health: health, Time: epoch.Add(time.Duration(minutes) * time.Minute)}
}

func TestOnlyTimeBetweenTwoHealthyLooksCounts(t *testing.T) {
	for name, test := range map[string]struct {
		looks   []Observation
		healthy int // minutes
		unwell  int // since that minute; -1 when it is not
	}{
		"one look":                      {[]Observation{at(0, r1, Healthy)}, 0, -1},
		"two looks":                     {[]Observation{at(0, r1, Healthy), at(1, r1, Healthy)}, 1, -1},
		"the reconciler was away":       {[]Observation{at(0, r1, Healthy), at(600, r1, Healthy), at(602, r1, Healthy)}, 2, -1},
		"just often enough":             {[]Observation{at(0, r1, Healthy), at(5, r1, Healthy), at(10, r1, Healthy)}, 10, -1},
		"degraded between":              {[]Observation{at(0, r1, Healthy), at(2, r1, Healthy), at(3, r1, Degraded), at(4, r1, Healthy), at(5, r1, Healthy)}, 3, -1},
		"degraded since":                {[]Observation{at(0, r1, Healthy), at(2, r1, Degraded), at(4, r1, Degraded)}, 0, 2},
		"starting is not degraded":      {[]Observation{at(0, r1, Degraded), at(1, r1, ""), at(2, r1, Degraded)}, 0, 2},
		"nobody could say what runs":    {[]Observation{at(0, r1, Healthy), at(2, r1, Healthy), at(3, "", ""), at(4, r1, Healthy), at(5, r1, Healthy)}, 3, -1},
		"nobody could say, and it ails": {[]Observation{at(0, r1, Degraded), at(1, "", ""), at(2, r1, Degraded)}, 0, 0},
		"another release":               {[]Observation{at(0, r1, Healthy), at(4, r1, Healthy), at(5, r2, Healthy), at(6, r2, Healthy)}, 1, -1},
		"back to the first":             {[]Observation{at(0, r1, Healthy), at(4, r1, Healthy), at(5, r2, Healthy), at(6, r1, Healthy)}, 0, -1},
		"a clock set back a little":     {[]Observation{at(10, r1, Healthy), at(12, r1, Healthy), at(11, r1, Healthy), at(13, r1, Healthy)}, 3, -1},
		"a clock set back by a day":     {[]Observation{at(1500, r1, Healthy), at(1501, r1, Healthy), at(1, r1, Healthy), at(2, r1, Healthy)}, 2, -1},
	} {
		var exposure Exposure
		for _, look := range test.looks {
			exposure = exposure.Observe(look)
		}
		unwell := -1
		if !exposure.Unwell.IsZero() {
			unwell = int(exposure.Unwell.Sub(epoch) / time.Minute)
		}
		if exposure.Healthy != time.Duration(test.healthy)*time.Minute || unwell != test.unwell {
			t.Errorf("%s: healthy for %s, unwell since minute %d", name, exposure.Healthy, unwell)
		}
	}
}

func TestAnExposureSpeaksForOneReleaseOnly(t *testing.T) {
	exposure := soaked(r1)
	if exposure.For(r1) != 50*time.Hour || exposure.For(r2) != 0 || (Exposure{Healthy: time.Hour}).For("") != 0 {
		t.Errorf("speaks for %s, %s", exposure.For(r1), exposure.For(r2))
	}
}

// FuzzExposureIsEarnedAndKept: whatever is seen and whenever, no look earns more
// than the longest gap, or more than has passed since the look before, and what a
// release has earned is lost only to another release.
func FuzzExposureIsEarnedAndKept(f *testing.F) {
	f.Add([]byte{0, 1, 9, 30, 2, 0, 200, 255, 4})
	f.Fuzz(func(t *testing.T, looks []byte) {
		var exposure Exposure
		now := epoch
		for _, look := range looks[:min(len(looks), 1000)] {
			now = now.Add(time.Duration(int(look>>2)-16) * 20 * time.Second)
			before := exposure
			exposure = exposure.Observe(Observation{[]evidence.Digest{r1, r1, r2, ""}[look&3], []Health{Healthy, Degraded, Healthy, ""}[look>>2&3], now})
			earned := exposure.Healthy - before.For(exposure.Release)
			switch {
			case earned < 0, earned > Gap, earned > 0 && earned > now.Sub(before.Seen):
				t.Fatalf("%+v became %+v by %s", before, exposure, earned)
			case !exposure.Unwell.IsZero() && !exposure.Seen.IsZero():
				t.Fatalf("both well and unwell: %+v", exposure)
			}
		}
	})
}
