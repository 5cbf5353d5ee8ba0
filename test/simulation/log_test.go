package simulation

import (
	"context"
	"fmt"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// auditLog is append-only. It is also the memory by which the invariants are
// checked: what was delivered must stand in it.
type auditLog struct{ decisions []promotion.Decision }

// last is the newest decision about a model in an environment.
func (l *auditLog) last(environment, model string) *promotion.Decision {
	for i, decision := range slices.Backward(l.decisions) {
		if decision.Environment == environment && decision.Release.Name == model {
			return &l.decisions[i]
		}
	}
	return nil
}

// allowed reports whether a release was once allowed on exactly that evidence.
func (l *auditLog) allowed(environment string, release evidence.Subject, envelopes []evidence.Envelope) bool {
	return slices.ContainsFunc(l.decisions, func(decision promotion.Decision) bool {
		return decision.Environment == environment && decision.Release == release && decision.Verdict.Allowed() &&
			slices.Equal(decision.Evidence, digestsOf(envelopes))
	})
}

func digestsOf(envelopes []evidence.Envelope) []evidence.Digest {
	var digests []evidence.Digest
	for _, envelope := range envelopes {
		digests = append(digests, envelope.Digest())
	}
	return digests
}

// page is a process's way to the log.
type page struct {
	process *process
	world   *world
}

func (p page) Keep(_ context.Context, decision promotion.Decision) (kept promotion.Kept, err error) {
	log := p.world.log
	text := fmt.Sprint(decision.Environment, decision.Release, decision.Evidence, decision.Verdict.Policy, decision.Verdict.Evaluated, decision.Verdict.Findings)
	kept.Digest = evidence.Sum([]byte(text))
	if last := log.last(decision.Environment, decision.Release.Name); last != nil && sameDecision(*last, decision) {
		kept.Head = fmt.Sprintf("simulation %d", len(log.decisions))
		return kept, nil
	}
	err = p.process.effect("log: "+decision.Environment+" "+decision.Release.String(), false, func() error {
		if !p.world.flaws.logForgets {
			log.decisions = append(log.decisions, decision)
			p.world.change()
		}
		kept.Head = fmt.Sprintf("simulation %d", len(log.decisions))
		return nil
	})
	return kept, err
}

func sameDecision(a, b promotion.Decision) bool {
	return a.Release == b.Release && slices.Equal(a.Evidence, b.Evidence) && a.Commit == b.Commit &&
		a.Verdict.Policy == b.Verdict.Policy && slices.Equal(a.Verdict.Findings, b.Verdict.Findings)
}
