package controller

import (
	"errors"
	"io/fs"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// stuck is what only a person ends.
type stuck struct {
	reason string // of a condition
	err    error
	remedy string
}

func (s *stuck) Error() string { return s.err.Error() + "\nhint: " + s.remedy }
func (s *stuck) Unwrap() error { return s.err }

// trouble is what a condition says of an error.
type trouble struct {
	reason  string
	message string
	stalled bool      // until a person mends it
	until   time.Time // when to come back; zero where nobody knows
}

// diagnose tells what will pass from what will not. Whoever speaks with a git
// remote says who is refused, and what is gone, in the words of io/fs.
func diagnose(err error) trouble {
	found := trouble{reason: "Error", message: err.Error()}
	var known *stuck
	var limited *forge.LimitedError
	switch {
	case errors.As(err, &known):
		found.reason, found.stalled = known.reason, true
	case errors.As(err, &limited):
		found.reason, found.until = "RateLimited", limited.Until
	case errors.Is(err, forge.ErrRefused), errors.Is(err, fs.ErrPermission):
		found.reason, found.stalled = "AccessDenied", true
		found.message += "\nhint: are the credentials in the secret still valid, and may they read and write this repository?"
	case errors.Is(err, forge.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		found.reason, found.stalled = "RepositoryNotFound", true
		found.message += "\nhint: was it moved or deleted, or can the credentials not see it?"
	}
	return found
}

// again is how soon to look again.
func (t trouble) again(now time.Time) time.Duration {
	switch {
	case !t.until.IsZero():
		return max(t.until.Sub(now), often)
	case t.stalled:
		return seldom
	}
	return slowly
}
