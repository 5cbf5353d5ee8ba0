package compliance

import (
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// A day begins first where clocks are 14 hours ahead of UTC (Line Islands).
const earliest = 14 * time.Hour

// beginningOf is the instant at which a day begins somewhere on earth, as Unix
// seconds: what was decided today in Auckland does not lie in the future.
func beginningOf(name, date string) evidence.Measurement {
	return instantOf(name, date, -earliest, "beginning of the day, UTC+14")
}

// dayOf is the first second of a day, as Unix seconds: for telling how many days
// lie between two.
func dayOf(name, date string) evidence.Measurement {
	return instantOf(name, date, 0, "beginning of the day, UTC")
}

// endOf is the last second of a day, as Unix seconds.
func endOf(name, date string) evidence.Measurement {
	return instantOf(name, date, 24*time.Hour-time.Second, "end of the day, UTC")
}

// instantOf is an instant of a day; without a date it is not measured, and then
// no rule about it is satisfied.
func instantOf(name, date string, after time.Duration, method string) evidence.Measurement {
	found := evidence.Measurement{Name: name, Unit: "unix seconds", N: 1, Method: method}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		found.Method = "no date is given"
		return found
	}
	found.Value = evidence.Number(float64(day.Add(after).Unix()))
	return found
}
