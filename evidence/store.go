package evidence

import (
	"context"
	"errors"
	"fmt"
)

// Attacher is the writer's half of a store. An attachment that breaks off may
// leave some of the envelopes: a rule demands them all, and the same attachment
// again adds what is missing.
type Attacher interface {
	Attach(ctx context.Context, subject Subject, envelopes []Envelope) error
}

// Lister is the reader's half: every envelope that claims to be about the
// subject, unverified.
type Lister interface {
	List(ctx context.Context, subject Subject) ([]Envelope, error)
}

// Opened is what a set of envelopes turned out to hold.
type Opened struct {
	Statements []Statement // verified, and about the subject
	Problems   []string    // why each of the others is not evidence
}

// Open verifies envelopes that claim to be about the subject. What cannot be
// believed is never dropped in silence: it becomes a problem, and a problem
// keeps the door shut. Statements that are no claim of ours are passed over.
func Open(ctx context.Context, verifier Verifier, subject Subject, envelopes []Envelope) Opened {
	var opened Opened
	for _, envelope := range envelopes {
		statement, err := verifier.Verify(ctx, envelope)
		switch {
		case errors.Is(err, ErrForeign):
		case err != nil:
			opened.Problems = append(opened.Problems, fmt.Sprintf("envelope %s: %v", envelope.Digest().Short(), err))
		case statement.Subject.Digest != subject.Digest:
			opened.Problems = append(opened.Problems, fmt.Sprintf("envelope %s: it is about %s, not about %s",
				envelope.Digest().Short(), statement.Subject, subject.Digest.Short()))
		default:
			opened.Statements = append(opened.Statements, statement)
		}
	}
	return opened
}
