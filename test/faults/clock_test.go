package faults

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/test/load"
)

// A clock that jumps over the end of the evidence and back is believed at once:
// what it says is what the door knows of time, and no verdict of another time is
// remembered in its place.
func TestAClockThatJumps(t *testing.T) {
	crowd := load.Crowd{Delivered: delivered(t), Known: 2, Used: 2}
	var ahead atomic.Int64
	door, err := crowd.Handler(t.Context(), func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	reviews, err := crowd.Reviews()
	if err != nil {
		t.Fatal(err)
	}
	const years = 3 * 365 * 24 * time.Hour
	for _, jump := range []struct {
		by      time.Duration
		allowed bool
		rule    string
	}{
		{0, true, ""},
		{years, false, "model.security.database_fresh"},
		{0, true, ""},
		{-years, false, "workload.admissible"}, // what was measured in the future is not believed
		{time.Hour, true, ""},
		{0, true, ""},
	} {
		ahead.Store(int64(jump.by))
		ask(t, door, reviews, func(review load.Review) load.Review {
			review.Allowed, review.Rule = jump.allowed, jump.rule
			return review
		})
	}
}

// ask asks all at once, several times.
func ask(t *testing.T, door http.Handler, reviews []load.Review, expected func(load.Review) load.Review) {
	t.Helper()
	var asking sync.WaitGroup
	for range 4 {
		for _, review := range reviews {
			asking.Go(func() {
				if err := load.Expect(door, expected(review)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	asking.Wait()
}
