package environment

import (
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Health is how what runs was found.
type Health string

// Nobody knows is the zero Health: what is still starting, and what could not be
// asked. It earns nothing, and it is not held against a release.
const (
	Healthy  Health = "Healthy"
	Degraded Health = "Degraded"
)

// Observation is one look at what serves in an environment.
type Observation struct {
	Release evidence.Digest // that was found; empty when nobody can say
	Health  Health
	Time    time.Time
}

// Exposure is for how long a release was seen to be healthy. The zero Exposure
// is that of nothing.
type Exposure struct {
	Release evidence.Digest
	Healthy time.Duration // in all
	Seen    time.Time     // last look, if it found the release healthy
	Unwell  time.Time     // since when every look found it degraded
}

// Gap is how far two looks may be apart for the time between them to count. What
// happened while nobody looked is not known, so a reconciler that was away earns
// nothing for it.
const Gap = 5 * time.Minute

// Observe adds a look. Only the time between two looks counts that both found
// exactly this release healthy.
func (e Exposure) Observe(seen Observation) Exposure {
	if seen.Release == "" {
		return Exposure{Release: e.Release, Healthy: e.Healthy, Unwell: e.Unwell}
	}
	if seen.Release != e.Release {
		e = Exposure{Release: seen.Release}
	}
	switch seen.Health {
	case Healthy:
		return e.healthy(seen.Time)
	case Degraded:
		e.Seen = time.Time{}
		if e.Unwell.IsZero() {
			e.Unwell = seen.Time
		}
		return e
	}
	return Exposure{Release: e.Release, Healthy: e.Healthy}
}

// healthy counts no instant twice: after a clock was set back a little, time
// counts from where it was.
func (e Exposure) healthy(now time.Time) Exposure {
	e.Unwell = time.Time{}
	gap := now.Sub(e.Seen)
	switch {
	case e.Seen.IsZero(), gap > Gap, gap < -Gap:
		e.Seen = now
	case gap > 0:
		e.Healthy, e.Seen = e.Healthy+gap, now
	}
	return e
}

// For is how long the exposure speaks for a release: not at all for another.
func (e Exposure) For(release evidence.Digest) time.Duration {
	if release == "" || e.Release != release {
		return 0
	}
	return e.Healthy
}
