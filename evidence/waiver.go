package evidence

import (
	"fmt"
	"time"
)

// WaiverType is the claim of a person: one rule need not hold for one release
// in one environment, for a while.
const WaiverType = "https://assay.dev/predicate/waiver/v1alpha1"

// Waiver is the predicate of a WaiverType statement. It does not say who
// waives: that is what the signature proves, and what Trust knows of the key.
// Whether a waiver counts is for rules to say.
type Waiver struct {
	Rule        string `json:"rule"` // its path: model.bias.equal_opportunity
	Environment string `json:"environment"`
	Reason      string `json:"reason"`
	Control     string `json:"control"` // what protects patients instead
	Issued      string `json:"issued"`  // RFC 3339, UTC
	Expires     string `json:"expires"`
}

// Waived states that a rule is waived for the subject.
func Waived(subject Subject, waiver Waiver) Statement {
	return Statement{Subject: subject, PredicateType: WaiverType, Waiver: &waiver}
}

// Span is from when until when the waiver is meant to count.
func (w Waiver) Span() (issued, expires time.Time, err error) { return span(w.Issued, w.Expires) }

func span(from, to string) (issued, expires time.Time, err error) {
	if issued, err = time.Parse(time.RFC3339, from); err != nil {
		return issued, expires, fmt.Errorf("issued: %.40q is not a time", from)
	}
	if expires, err = time.Parse(time.RFC3339, to); err != nil {
		return issued, expires, fmt.Errorf("expires: %.40q is not a time", to)
	}
	return issued, expires, nil
}

func (w Waiver) validate() error {
	for field, text := range map[string]string{"rule": w.Rule, "environment": w.Environment, "reason": w.Reason, "control": w.Control} {
		if text == "" || len(text) > maxText {
			return fmt.Errorf("waiver: %s is empty or longer than %d bytes", field, maxText)
		}
	}
	if _, _, err := w.Span(); err != nil {
		return fmt.Errorf("waiver: %w", err)
	}
	return nil
}
