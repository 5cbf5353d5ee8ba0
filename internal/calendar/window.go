package calendar

import (
	"time"
	_ "time/tzdata" // a container has no zones of its own, and a cluster's must not differ from the reconciler's
)

// Window is when something holds. The zero Window always does.
type Window struct {
	from, until time.Time // of a window that comes once
	schedule    *schedule // of one that comes again
	begun       time.Time // nobody had written it down before
}

// Moment is what is true of windows at an instant.
type Moment struct {
	Holds bool
	Since time.Time // when it began to hold; zero where that is not known
	Until time.Time // when Holds will be another; zero for never
}

// Begun is the window as of when somebody wrote it down: before, it did not hold.
// One that comes to no end holds since then.
func (w Window) Begun(at time.Time) Window {
	w.begun = at
	return w
}

// At is what is true of the window at an instant. The instant at which it ends is
// not in it any more.
func (w Window) At(now time.Time) Moment {
	switch {
	case w.schedule == nil && w.until.IsZero():
		return Moment{Holds: true, Since: w.begun}
	case now.Before(w.begun):
		return w.At(w.begun).before(w.begun)
	case w.schedule != nil:
		return w.schedule.at(now).after(w.begun)
	case now.Before(w.from):
		return Moment{Until: w.from}
	case now.Before(w.until):
		return Moment{Holds: true, Since: w.from, Until: w.until}.after(w.begun)
	}
	return Moment{}
}

// before is what is true before something was written down, of which this is true
// at that instant.
func (m Moment) before(begun time.Time) Moment {
	if m.Holds {
		return Moment{Until: begun}
	}
	return m
}

// after is what is true of something that was written down later than it began.
func (m Moment) after(begun time.Time) Moment {
	if m.Holds && m.Since.Before(begun) {
		m.Since = begun
	}
	return m
}
