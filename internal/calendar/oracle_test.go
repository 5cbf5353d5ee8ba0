package calendar_test

import (
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/calendar"
)

// TestEveryMinuteIsAsItsClocksShow compares, in the weeks in which clocks change, the reckoning with watching the
// clock: who looks at it every minute sees when a window begins.
func TestEveryMinuteIsAsItsClocksShow(t *testing.T) {
	for _, test := range []struct {
		text   calendar.Text
		begins func(time.Time) bool
		lasts  time.Duration
	}{
		{calendar.Text{Schedule: "15 3 * * *", Duration: "90m", Zone: "America/New_York"},
			func(t time.Time) bool { return t.Hour() == 3 && t.Minute() == 15 }, 90 * time.Minute},
		{calendar.Text{Schedule: "30 1,22 * * 6,0", Duration: "45m", Zone: "Europe/London"},
			func(t time.Time) bool {
				return (t.Hour() == 1 || t.Hour() == 22) && t.Minute() == 30 && (t.Weekday() == time.Saturday || t.Weekday() == time.Sunday)
			}, 45 * time.Minute},
		{calendar.Text{Schedule: "*/20 8-10 1 */3 *", Duration: "20m", Zone: "Asia/Kolkata"},
			func(t time.Time) bool {
				return t.Minute()%20 == 0 && t.Hour() >= 8 && t.Hour() <= 10 && t.Day() == 1 && t.Month()%3 == 1
			}, 20 * time.Minute},
	} {
		window := parsed(t, test.text)
		zone, err := time.LoadLocation(test.text.Zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, start := range []time.Time{time.Date(2026, 3, 1, 12, 0, 0, 0, zone), time.Date(2026, 10, 20, 12, 0, 0, 0, zone)} {
			var ends time.Time
			for now := start; now.Before(start.AddDate(0, 0, 32)); now = now.Add(time.Minute) {
				if test.begins(now) || jumped(now.Add(-time.Minute), now, test.begins) {
					ends = now.Add(test.lasts)
				}
				if got := window.At(now); got.Holds != now.Before(ends) {
					t.Fatalf("%+v: at %s holds %t", test.text, now, got.Holds)
				}
			}
		}
	}
}

// jumped says whether clocks that were put forward between two minutes skipped a
// beginning.
func jumped(before, now time.Time, begins func(time.Time) bool) bool {
	_, earlier := before.Zone()
	_, later := now.Zone()
	for skipped := earlier; skipped < later; skipped += 60 {
		shown := before.UTC().Add(time.Duration(skipped+60) * time.Second)
		if begins(shown) {
			return true
		}
	}
	return false
}

// FuzzAWindowIsAsItSays: whatever the text, reading it ends, and until a window
// says that it will be another, it is the same.
func FuzzAWindowIsAsItSays(f *testing.F) {
	f.Add("", "", "0 18 * * 5", "60h", "Europe/Paris", int64(1795431600))
	f.Add("2026-12-24T12:00:00Z", "2027-01-04T06:00:00+01:00", "", "", "", int64(1795431600))
	f.Add("", "", "30 2 29 2 *", "8784h", "Australia/Lord_Howe", int64(1774745999))
	f.Add("", "", "* * * * *", "1m", "Pacific/Apia", int64(1325239200))
	f.Add("", "", "59 23 31 12 sat", "1m", "America/Sao_Paulo", int64(-1))
	f.Fuzz(func(t *testing.T, from, until, schedule, duration, zone string, seconds int64) {
		window, faults := calendar.Parse(calendar.Text{From: from, Until: until, Schedule: schedule, Duration: duration, Zone: zone})
		now := time.Unix(seconds%(1<<33), 0)
		got := window.At(now)
		if len(faults) > 0 && (!got.Holds || !got.Until.IsZero()) {
			t.Errorf("what cannot be read is open at %s", now)
		}
		if got.Holds && got.Since.After(now) || !got.Until.IsZero() && !got.Until.After(now) {
			t.Errorf("at %s: %+v", now, got)
		}
		if !got.Until.IsZero() && window.At(got.Until.Add(-1)).Holds != got.Holds {
			t.Errorf("at %s it says %+v, and is another before", now, got)
		}
		if joined := calendar.Join(now, window); joined.Holds != got.Holds || !joined.Holds && !joined.Until.Equal(got.Until) {
			t.Errorf("at %s it is %+v, and joined %+v", now, got, joined)
		}
	})
}
