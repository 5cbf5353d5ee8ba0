package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Text is a window as people write it: either From and Until (RFC 3339), or
// Schedule (the five fields of cron) with Duration ("60h") and Zone ("Europe/Paris",
// UTC where it is empty), or nothing, which always holds.
type Text struct{ From, Until, Schedule, Duration, Zone string }

// Fault is what is wrong with a field: from, until, schedule, duration or zone.
type Fault struct{ Field, Text string }

const (
	maxText  = 128 // bytes of a field
	longest  = 366 * day
	shortest = time.Minute
)

// Parse reads a window. With a fault there is none: whoever goes on nevertheless
// has the zero Window, which always holds.
func Parse(text Text) (Window, []Fault) {
	reading := reader{}
	for field, value := range map[string]string{"from": text.From, "until": text.Until, "schedule": text.Schedule, "duration": text.Duration, "zone": text.Zone} {
		if len(value) > maxText {
			return Window{}, []Fault{{field, fmt.Sprintf("is longer than %d bytes", maxText)}}
		}
	}
	var window Window
	switch once, again := text.From+text.Until != "", text.Schedule+text.Duration+text.Zone != ""; {
	case once && again:
		reading.fault("schedule", "stands beside from and until: a window comes once or again")
	case once:
		window = reading.once(text)
	case again:
		window = reading.again(text)
	}
	if len(reading.faults) > 0 {
		return Window{}, reading.faults
	}
	return window, nil
}

// reader collects every fault before it answers.
type reader struct{ faults []Fault }

func (r *reader) fault(field, format string, args ...any) {
	r.faults = append(r.faults, Fault{field, fmt.Sprintf(format, args...)})
}

func (r *reader) once(text Text) Window {
	window := Window{from: r.instant("from", text.From), until: r.instant("until", text.Until)}
	if len(r.faults) == 0 && !window.until.After(window.from) {
		r.fault("until", "%s is not after from, %s", text.Until, text.From)
	}
	return window
}

func (r *reader) instant(field, value string) time.Time {
	if value == "" {
		r.fault(field, "is missing: a window has a beginning and an end; without both it holds until it is taken away")
		return time.Time{}
	}
	instant, err := time.Parse(time.RFC3339, value)
	if err != nil || instant.Year() < 1970 || instant.Nanosecond() != 0 {
		r.fault(field, "%q is not a time such as 2026-12-24T12:00:00Z", value)
	}
	return instant.UTC()
}

func (r *reader) again(text Text) Window {
	read, err := parseSchedule(text.Schedule)
	if err != nil {
		r.fault("schedule", "%v", err)
	}
	read.lasts, err = time.ParseDuration(text.Duration)
	if err != nil || read.lasts < shortest || read.lasts > longest {
		r.fault("duration", "%q is not a duration such as 60h, from a minute to a year", text.Duration)
	}
	if read.zone, err = zone(text.Zone); err != nil {
		r.fault("zone", "%v", err)
	}
	if len(r.faults) == 0 && read.next(time.Unix(0, 0)).IsZero() {
		r.fault("schedule", "%q never comes", text.Schedule)
	}
	return Window{schedule: &read}
}

// zone knows the names of the IANA, and not what this machine calls local.
func zone(name string) (*time.Location, error) {
	if strings.EqualFold(name, "local") {
		name += "?"
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone such as Europe/Paris", strings.TrimSuffix(name, "?"))
	}
	return found, nil
}
