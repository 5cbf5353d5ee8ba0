package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/calendar"
)

func parsed(t testing.TB, text calendar.Text) calendar.Window {
	t.Helper()
	window, faults := calendar.Parse(text)
	if len(faults) > 0 {
		t.Fatalf("%+v: %v", text, faults)
	}
	return window
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// story is a window, an instant, and what is true then.
type story struct {
	window    calendar.Text
	now       string
	holds     bool
	since, to string
}

func (s story) tell(t *testing.T, name string) {
	t.Helper()
	got := parsed(t, s.window).At(instant(t, s.now))
	if got.Holds != s.holds || !got.Since.Equal(instant(t, s.since)) || !got.Until.Equal(instant(t, s.to)) {
		t.Errorf("%s: at %s holds %t, since %s, until %s", name, s.now, got.Holds, got.Since.UTC().Format(time.RFC3339), got.Until.UTC().Format(time.RFC3339))
	}
}

func TestAWindowHoldsFromItsBeginningAndNotAtItsEnd(t *testing.T) {
	holidays := calendar.Text{From: "2026-12-24T12:00:00+01:00", Until: "2027-01-04T06:00:00Z"}
	for name, story := range map[string]story{
		"before":        {holidays, "2026-12-24T10:59:59Z", false, "", "2026-12-24T11:00:00Z"},
		"the first":     {holidays, "2026-12-24T11:00:00Z", true, "2026-12-24T11:00:00Z", "2027-01-04T06:00:00Z"},
		"the last":      {holidays, "2027-01-04T05:59:59Z", true, "2026-12-24T11:00:00Z", "2027-01-04T06:00:00Z"},
		"the end":       {holidays, "2027-01-04T06:00:00Z", false, "", ""},
		"a kill switch": {calendar.Text{}, "2026-12-24T11:00:00Z", true, "", ""},
	} {
		story.tell(t, name)
	}
}

func TestAScheduleHoldsAgainAndAgain(t *testing.T) {
	weekend := calendar.Text{Schedule: "0 18 * * fri", Duration: "60h", Zone: "Europe/Paris"}
	for name, story := range map[string]story{
		"on Friday noon":        {weekend, "2026-11-27T11:00:00Z", false, "", "2026-11-27T17:00:00Z"},
		"on Sunday":             {weekend, "2026-11-29T11:00:00Z", true, "2026-11-27T17:00:00Z", "2026-11-30T05:00:00Z"},
		"on Monday":             {weekend, "2026-11-30T05:00:00Z", false, "", "2026-12-04T17:00:00Z"},
		"either day will do":    {calendar.Text{Schedule: "0 0 13 * 5", Duration: "24h"}, "2026-11-13T12:00:00Z", true, "2026-11-13T00:00:00Z", "2026-11-14T00:00:00Z"},
		"the first or a Monday": {calendar.Text{Schedule: "0 0 1 * 1", Duration: "1h"}, "2026-11-24T00:00:00Z", false, "", "2026-11-30T00:00:00Z"},
		"the leap day":          {calendar.Text{Schedule: "0 0 29 2 *", Duration: "1h"}, "2096-02-29T01:00:00Z", false, "", "2104-02-29T00:00:00Z"},
		"ever again, unbroken":  {calendar.Text{Schedule: "*/30 * * * *", Duration: "1h"}, "2026-11-24T00:10:00Z", true, "2026-11-23T23:30:00Z", "2026-11-24T01:00:00Z"},
		"a year":                {calendar.Text{Schedule: "0 0 1 JAN *", Duration: "8760h"}, "2026-12-31T23:59:59Z", true, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		"Sunday by two numbers": {calendar.Text{Schedule: "0 0 * * 7", Duration: "1h"}, "2026-11-28T00:00:00Z", false, "", "2026-11-29T00:00:00Z"},
	} {
		story.tell(t, name)
	}
}

// In doubt a window holds: it begins although its hour is skipped, and twice where
// there are two of it. What it lasts is no matter of clocks.
func TestClocksThatArePutForwardAndBackOpenNoWindow(t *testing.T) {
	nightly := func(schedule, duration, zone string) calendar.Text {
		return calendar.Text{Schedule: schedule, Duration: duration, Zone: zone}
	}
	for name, story := range map[string]story{
		"half past two is skipped: it begins at three": {nightly("30 2 * * *", "2h", "Europe/Paris"), "2026-03-29T01:00:00Z", true, "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"},
		"and not before": {nightly("30 2 * * *", "2h", "Europe/Paris"), "2026-03-29T00:59:59Z", false, "", "2026-03-29T01:00:00Z"},
		"the day after it begins at half past two":    {nightly("30 2 * * *", "2h", "Europe/Paris"), "2026-03-29T03:00:00Z", false, "", "2026-03-30T00:30:00Z"},
		"two o'clock, the first time":                 {nightly("0 2 * * *", "30m", "Europe/Paris"), "2026-10-25T00:00:00Z", true, "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"},
		"between the two":                             {nightly("0 2 * * *", "30m", "Europe/Paris"), "2026-10-25T00:30:00Z", false, "", "2026-10-25T01:00:00Z"},
		"two o'clock, the second time":                {nightly("0 2 * * *", "30m", "Europe/Paris"), "2026-10-25T01:29:59Z", true, "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"},
		"both are one window where it lasts":          {nightly("0 2 * * *", "2h", "Europe/Paris"), "2026-10-25T01:30:00Z", true, "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z"},
		"it spans the change, and lasts as it says":   {nightly("0 22 * * sat", "8h", "America/New_York"), "2026-11-01T08:00:00Z", true, "2026-11-01T02:00:00Z", "2026-11-01T10:00:00Z"},
		"half an hour only, on Lord Howe":             {nightly("15 2 * * *", "1h", "Australia/Lord_Howe"), "2026-10-03T15:30:00Z", true, "2026-10-03T15:30:00Z", "2026-10-03T16:30:00Z"},
		"a whole day that Samoa left out":             {nightly("0 9 30 12 *", "1h", "Pacific/Apia"), "2011-12-30T10:00:00Z", true, "2011-12-30T10:00:00Z", "2011-12-30T11:00:00Z"},
		"midnight that is skipped begins the day":     {nightly("0 0 * * *", "1h", "America/Santiago"), "2026-09-06T04:00:00Z", true, "2026-09-06T04:00:00Z", "2026-09-06T05:00:00Z"},
		"it began before the clocks were put forward": {nightly("59 1 * * *", "1h", "Europe/Paris"), "2026-03-29T01:30:00Z", true, "2026-03-29T00:59:00Z", "2026-03-29T01:59:00Z"},
	} {
		story.tell(t, name)
	}
}

// What nobody had written down yet held nobody up.
func TestAWindowBeginsNoSoonerThanItWasWritten(t *testing.T) {
	written := instant(t, "2026-11-28T08:00:00Z")
	weekend := parsed(t, calendar.Text{Schedule: "0 18 * * fri", Duration: "60h"}).Begun(written)
	if got := weekend.At(written.Add(-time.Second)); got.Holds || !got.Until.Equal(written) {
		t.Errorf("before: %+v", got)
	}
	if got := weekend.At(written.Add(time.Hour)); !got.Holds || !got.Since.Equal(written) {
		t.Errorf("later: %+v", got)
	}
	if got := weekend.At(written.AddDate(0, 0, 7)); !got.Holds || !got.Since.Equal(instant(t, "2026-12-04T18:00:00Z")) {
		t.Errorf("a week later: %+v", got)
	}
	if got := weekend.At(written.AddDate(0, 0, -3)); got.Holds || !got.Until.Equal(written) {
		t.Errorf("days before: %+v", got)
	}
	stopped := calendar.Window{}.Begun(written)
	if got := stopped.At(written.Add(-time.Second)); !got.Holds || !got.Since.Equal(written) || !got.Until.IsZero() {
		t.Errorf("a kill switch is never in doubt: %+v", got)
	}
}

func TestWindowsThatMeetAreOne(t *testing.T) {
	text := func(from, until string) calendar.Text { return calendar.Text{From: from, Until: until} }
	first := parsed(t, text("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"))
	second := parsed(t, text("2026-12-02T00:00:00Z", "2026-12-04T00:00:00Z"))
	within := parsed(t, text("2026-12-02T12:00:00Z", "2026-12-03T00:00:00Z"))
	later := parsed(t, text("2026-12-09T00:00:00Z", "2026-12-10T00:00:00Z"))
	all := []calendar.Window{later, within, second, first}
	got := calendar.Join(instant(t, "2026-12-02T13:00:00Z"), all...)
	if !got.Holds || !got.Since.Equal(instant(t, "2026-12-01T00:00:00Z")) || !got.Until.Equal(instant(t, "2026-12-04T00:00:00Z")) {
		t.Errorf("together: %+v", got)
	}
	if got := calendar.Join(instant(t, "2026-12-04T00:00:00Z"), all...); got.Holds || !got.Until.Equal(instant(t, "2026-12-09T00:00:00Z")) {
		t.Errorf("between: %+v", got)
	}
	if got := calendar.Join(instant(t, "2026-12-03T00:00:00Z"), append(all, calendar.Window{})...); !got.Holds || !got.Until.IsZero() || !got.Since.IsZero() {
		t.Errorf("with a kill switch: %+v", got)
	}
	stopped := calendar.Window{}.Begun(instant(t, "2026-12-02T06:00:00Z"))
	if got := calendar.Join(instant(t, "2026-12-03T00:00:00Z"), within, stopped); !got.Holds || !got.Since.Equal(instant(t, "2026-12-02T06:00:00Z")) {
		t.Errorf("with a kill switch since when it was thrown: %+v", got)
	}
	if got := calendar.Join(instant(t, "2026-12-03T00:00:00Z")); got.Holds || !got.Until.IsZero() {
		t.Errorf("of none: %+v", got)
	}
	always := parsed(t, calendar.Text{Schedule: "* * * * *", Duration: "24h"})
	now := instant(t, "2026-12-03T00:00:00Z")
	if got := calendar.Join(now, always); !got.Holds || !got.Since.IsZero() || !got.Until.After(now.AddDate(0, 2, 0)) {
		t.Errorf("without an end: %+v", got)
	}
}

func TestAFaultNamesItsField(t *testing.T) {
	for want, text := range map[string]calendar.Text{
		"until: is missing":                              {From: "2026-12-24T12:00:00Z"},
		"from: is missing":                               {Until: "2026-12-24T12:00:00Z"},
		"from: \"tomorrow\" is not a time":               {From: "tomorrow", Until: "2026-12-24T12:00:00Z"},
		"until: 2026-12-24T12:00:00Z is not after from":  {From: "2026-12-24T13:00:00+01:00", Until: "2026-12-24T12:00:00Z"},
		"schedule: stands beside from":                   {From: "2026-12-24T12:00:00Z", Until: "2026-12-25T12:00:00Z", Schedule: "0 0 * * *", Duration: "1h"},
		"schedule: \"\" has 0 fields":                    {Duration: "1h"},
		"schedule: \"0 0 * *\" has 4 fields":             {Schedule: "0 0 * *", Duration: "1h"},
		"schedule: \"60\" is no minute":                  {Schedule: "60 0 * * *", Duration: "1h"},
		"schedule: \"5-1\" is no day of the week":        {Schedule: "0 0 * * 5-1", Duration: "1h"},
		"schedule: \"*/0\" is no hour":                   {Schedule: "0 */0 * * *", Duration: "1h"},
		"schedule: \"3/2\" is no hour":                   {Schedule: "0 3/2 * * *", Duration: "1h"},
		"schedule: \"\" is no month":                     {Schedule: "0 0 1 1, *", Duration: "1h"},
		"schedule: \"0\" is no day of the month":         {Schedule: "0 0 0 * *", Duration: "1h"},
		"schedule: \"0 0 30 2 *\" never comes":           {Schedule: "0 0 30 2 *", Duration: "1h"},
		"duration: \"\" is not a duration":               {Schedule: "0 0 * * *"},
		"duration: \"-1h\" is not a duration":            {Schedule: "0 0 * * *", Duration: "-1h"},
		"duration: \"9000h\" is not a duration":          {Schedule: "0 0 * * *", Duration: "9000h"},
		"zone: \"Europe/Atlantis\" is not a time zone":   {Schedule: "0 0 * * *", Duration: "1h", Zone: "Europe/Atlantis"},
		"zone: \"Local\" is not a time zone":             {Schedule: "0 0 * * *", Duration: "1h", Zone: "Local"},
		"zone: \"../../etc/passwd\" is not a time zone":  {Schedule: "0 0 * * *", Duration: "1h", Zone: "../../etc/passwd"},
		"zone: is longer than 128 bytes":                 {Zone: strings.Repeat("x", 129)},
		"from: \"2026-12-24T12:00:00.5Z\" is not a time": {From: "2026-12-24T12:00:00.5Z", Until: "2026-12-25T12:00:00Z"},
	} {
		window, faults := calendar.Parse(text)
		if len(faults) == 0 || !strings.HasPrefix(faults[0].Field+": "+faults[0].Text, want) {
			t.Errorf("%+v: %v, want %s", text, faults, want)
		}
		if !window.At(time.Unix(0, 0)).Holds {
			t.Errorf("%+v: what cannot be read must always hold", text)
		}
	}
}
