package load

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

// BenchmarkHandler is one review without TLS and without a network, with all of
// the shipped rules and all of the evidence of a real model: the first of a
// model, which opens its evidence and judges it, and those that follow.
func BenchmarkHandler(b *testing.B) {
	crowd := Crowd{Delivered: delivered(b), Known: inUse, Used: inUse}
	reviews, err := crowd.Reviews()
	if err != nil {
		b.Fatal(err)
	}
	reviews = slices.DeleteFunc(reviews, func(r Review) bool { return !r.Allowed })
	now := time.Now()
	door, err := crowd.Handler(b.Context(), func() time.Time { return now })
	if err != nil {
		b.Fatal(err)
	}
	b.Run("first", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if i%len(reviews) == 0 {
				now = now.Add(2 * time.Minute) // until no verdict is remembered
			}
			handle(b, door, reviews[i%len(reviews)])
		}
	})
	b.Run("then", func(b *testing.B) {
		for _, review := range reviews {
			handle(b, door, review)
		}
		for i := 0; b.Loop(); i++ {
			handle(b, door, reviews[i%len(reviews)])
		}
	})
}

func handle(b *testing.B, door http.Handler, review Review) {
	b.Helper()
	if err := Expect(door, review); err != nil {
		b.Fatal(err)
	}
}
