package calendar

import "time"

// maxLinks bounds how many windows in a row are followed.
const maxLinks = 64

// Join is what is true of windows together: something holds while one of them
// does. One window that begins before another has ended prolongs it, so Until is
// when nothing holds any more. Where windows follow each other beyond reckoning,
// Until is an instant until which something holds for sure, and Since is not
// known.
func Join(now time.Time, windows ...Window) Moment {
	var next time.Time
	for _, window := range windows {
		at := window.At(now)
		if at.Holds {
			return Moment{Holds: true, Since: began(now, windows), Until: ends(now, windows)}
		}
		if next.IsZero() || !at.Until.IsZero() && at.Until.Before(next) {
			next = at.Until
		}
	}
	return Moment{Until: next}
}

// ends follows the windows from an instant at which one holds to the first at
// which none does; zero, when there is none.
func ends(now time.Time, windows []Window) time.Time {
	for range maxLinks {
		end := now
		for _, window := range windows {
			at := window.At(now)
			if at.Holds && at.Until.IsZero() {
				return time.Time{}
			}
			if at.Holds && at.Until.After(end) {
				end = at.Until
			}
		}
		if end.Equal(now) {
			return now
		}
		now = end
	}
	return now
}

// began follows them back to the first instant since which one or another holds;
// zero, when nobody knows.
func began(now time.Time, windows []Window) time.Time {
	start := now
	for range maxLinks {
		holds := false
		for _, window := range windows {
			at := window.At(now)
			if at.Holds && at.Since.IsZero() {
				return time.Time{}
			}
			if at.Holds && at.Since.Before(start) {
				start, holds = at.Since, true
			}
		}
		if !holds {
			return start
		}
		now = start.Add(-1)
	}
	return time.Time{}
}
