package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// Handler answers admission reviews.
type Handler struct {
	Door         Door
	Settings     func() Configuration
	Environments environmentOf
	Owners       Owners // nil: nothing can be scaled up, nobody connects
	Clock        func() time.Time
	Metrics      *Metrics
	Log          Log     // nil for none
	Events       *Events // nil for none

	crew crew // those that answer; nil for a new goroutine each time
}

// reviewTime is shorter than the three seconds that the API server waits, so
// that the client reads why instead of "context deadline exceeded".
const reviewTime = 2500 * time.Millisecond

// Handle answers one review. It always answers: an error and a panic deny.
func (h Handler) Handle(ctx context.Context, request admission.Request) (response admission.Response) {
	start := h.Clock()
	ctx, cancel := context.WithTimeoutCause(ctx, reviewTime, errNoAnswer)
	defer cancel()
	logger := log.FromContext(ctx)
	outcome, decision := outcomeError, newDecision(request, start)
	defer func() {
		if cause := recover(); cause != nil {
			logger.Error(fmt.Errorf("panic: %v", cause), "admit", decision.told(outcomeError)...)
			outcome, response = outcomeError, ignorant(errors.New("the door broke while it looked at the object"))
		}
		h.Metrics.observe(request, outcome, h.Clock().Sub(start))
		annotate(&response, decision, h.Clock().Sub(start))
		h.Events.tell(request, outcome, response)
		decision.Outcome = outcome
		h.enter(decision)
	}()
	var waiting unanswered
	ruled, err := h.review(ctx, request, start, decision)
	err = noAnswer(ctx, err)
	switch {
	case errors.Is(err, errUnchanged):
		outcome = outcomeUnchanged
		return admission.Allowed("")
	case errors.As(err, &waiting):
		logger.Info("admit", decision.told(outcome, "pending", waiting.digest)...)
		return pending(waiting)
	case err != nil:
		logger.Error(err, "admit", decision.told(outcome)...)
		return ignorant(err)
	case !ruled.allowed():
		outcome = outcomeDenied
	default:
		outcome = outcomeAllowed
	}
	h.Metrics.soften(ruled)
	h.alarm(logger, decision, ruled)
	logger.Info("admit", decision.told(outcome, "environment", ruled.verdict.Environment, "rule", rules(ruled.verdict.Denials()), "mode", ruled.mode())...)
	return answer(ruled, h.filed(decision.Releases)...)
}

// review is the way from a request to a ruling. The decision is told what is
// learned on it.
func (h Handler) review(ctx context.Context, request admission.Request, now time.Time, decision *Decision) (ruling, error) {
	settings := h.Settings()
	workload, err := h.workload(ctx, request, settings)
	decision.reaches(workload)
	if err != nil {
		return ruling{}, err
	}
	environment, err := h.Environments(ctx, request.Namespace)
	if err != nil {
		return ruling{}, err
	}
	decision.Environment = environment
	profile, known := settings.Profiles[environment]
	if !known {
		return ruling{}, fmt.Errorf("namespace %s is of environment %.80q, which this cluster does not have", request.Namespace, environment)
	}
	verdict, err := h.Door.Judge(ctx, environment, profile, now, workload)
	ruled := settings.Modes[environment].rule(verdict)
	decision.judged(ruled)
	return ruled, err
}

func subjectOf(request admission.Request) string {
	return fmt.Sprintf("%s %s/%s", request.Kind.Kind, request.Namespace, request.Name)
}
