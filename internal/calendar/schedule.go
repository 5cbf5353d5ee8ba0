package calendar

import (
	"math/bits"
	"slices"
	"time"
)

// schedule is a window that begins at every time its fields name, as the clocks
// of a zone show it, and lasts for a while that no clock change shortens.
type schedule struct {
	minutes, hours, days, months, weekdays uint64 // one bit for each number
	anyDay, anyWeekday                     bool   // the field begins with a star

	lasts time.Duration
	zone  *time.Location
}

// rare is beyond the longest wait for a day that ever comes: the 29th of
// February, from 2096 until 2104.
const rare = 8*366 + 1

const day = 24 * time.Hour

// at is what is true of the schedule at an instant. Windows that overlap are one.
func (s *schedule) at(now time.Time) Moment {
	last := s.latest(now)
	if last.IsZero() || !now.Before(last.Add(s.lasts)) {
		return Moment{Until: s.next(now)}
	}
	return Moment{Holds: true, Since: s.next(now.Add(-s.lasts)), Until: last.Add(s.lasts)}
}

// next is the first beginning after an instant; zero, when there is none.
func (s *schedule) next(after time.Time) time.Time {
	date := s.dateOf(after).Add(-day) // a day that is longer than others ends in the next one's date
	for range rare {
		for _, begins := range s.on(date) {
			if begins.After(after) {
				return begins
			}
		}
		date = date.Add(day)
	}
	return time.Time{}
}

// latest is the last beginning not after an instant, if a window that began then
// could still last.
func (s *schedule) latest(until time.Time) time.Time {
	date := s.dateOf(until).Add(day)
	for range int(s.lasts/day) + 4 {
		for _, begins := range slices.Backward(s.on(date)) {
			if !begins.After(until) {
				return begins
			}
		}
		date = date.Add(-day)
	}
	return time.Time{}
}

// dateOf is the date that a calendar of the zone shows: its midnight as if it were
// in UTC, where every day has 24 hours.
func (s *schedule) dateOf(instant time.Time) time.Time {
	year, month, day := instant.In(s.zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// on lists the beginnings on a date, in their order.
func (s *schedule) on(date time.Time) []time.Time {
	if !s.includes(date) {
		return nil
	}
	var begins []time.Time
	ahead := offset(date.Add(-apart), s.zone)
	changes := ahead != offset(date.Add(day+apart), s.zone)
	for _, hour := range numbers(s.hours) {
		for _, minute := range numbers(s.minutes) {
			shown := date.Add(time.Duration(hour*60+minute) * time.Minute)
			if changes {
				begins = append(begins, instants(shown, s.zone)...)
			} else {
				begins = append(begins, shown.Add(-ahead))
			}
		}
	}
	slices.SortFunc(begins, time.Time.Compare)
	return begins
}

// numbers lists the bits that are set.
func numbers(set uint64) []int {
	var found []int
	for ; set != 0; set &= set - 1 {
		found = append(found, bits.TrailingZeros64(set))
	}
	return found
}

// includes follows cron: where both a day of the month and a day of the week are
// asked for, either will do.
func (s *schedule) includes(date time.Time) bool {
	if s.months&(1<<date.Month()) == 0 {
		return false
	}
	byDay, byWeekday := s.days&(1<<date.Day()) != 0, s.weekdays&(1<<date.Weekday()) != 0
	if s.anyDay || s.anyWeekday {
		return byDay && byWeekday
	}
	return byDay || byWeekday
}

// apart is longer than the clocks of any zone were ever put forward (Samoa left
// out a day), plus the offset of any zone.
const apart = 40 * time.Hour

// instants are those at which the clocks of a zone show a time: one as a rule, two
// where they are put back over it. Where they are put forward over it, it is the
// instant of that.
func instants(shown time.Time, zone *time.Location) []time.Time {
	var found []time.Time
	earlier, later := shown.Add(-offset(shown.Add(-apart), zone)), shown.Add(-offset(shown.Add(apart), zone))
	for _, one := range []time.Time{earlier, later} {
		if one.Add(offset(one, zone)).Equal(shown) && !slices.ContainsFunc(found, one.Equal) {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		jumped, _ := earlier.In(zone).ZoneBounds()
		found = append(found, jumped.UTC())
	}
	return found
}

// offset is by how much the clocks of a zone are ahead of UTC at an instant.
func offset(instant time.Time, zone *time.Location) time.Duration {
	_, seconds := instant.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
