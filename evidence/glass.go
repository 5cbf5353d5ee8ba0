package evidence

import (
	"fmt"
	"time"
)

// GlassType is the claim of a person: one release may run in one namespace of
// one environment for some hours, although rules deny it.
const GlassType = "https://assay.dev/predicate/breakglass/v1alpha1"

// Glass is the predicate of a GlassType statement: a break-glass, as the pane
// before a fire alarm. It does not say who breaks it: that is what the signature
// proves, and what Trust knows of the key. Whether it counts is for rules to say.
type Glass struct {
	Environment string `json:"environment"`
	Namespace   string `json:"namespace"`
	Reason      string `json:"reason"`
	Ticket      string `json:"ticket"` // where the emergency is followed up
	Issued      string `json:"issued"` // RFC 3339, UTC
	Expires     string `json:"expires"`
}

// Broken states that the subject may run although rules deny it.
func Broken(subject Subject, glass Glass) Statement {
	return Statement{Subject: subject, PredicateType: GlassType, Glass: &glass}
}

// Span is from when until when the break-glass is meant to count.
func (g Glass) Span() (issued, expires time.Time, err error) { return span(g.Issued, g.Expires) }

func (g Glass) validate() error {
	for field, text := range map[string]string{"environment": g.Environment, "namespace": g.Namespace, "reason": g.Reason, "ticket": g.Ticket} {
		if text == "" || len(text) > maxText {
			return fmt.Errorf("break-glass: %s is empty or longer than %d bytes", field, maxText)
		}
	}
	if _, _, err := g.Span(); err != nil {
		return fmt.Errorf("break-glass: %w", err)
	}
	return nil
}
