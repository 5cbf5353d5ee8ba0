package webhook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Handler answers admission reviews.
type Handler struct {
	Door         Door
	Settings     func() Configuration
	Environments environmentOf
	Clock        func() time.Time
	Metrics      *Metrics
	Log          Log // nil for none
}

// reviewTime is shorter than the three seconds that the API server waits, so
// that the client reads why instead of "context deadline exceeded".
const reviewTime = 2500 * time.Millisecond

// errUnchanged ends a review that concerns no model.
var errUnchanged = errors.New("nothing that a rule sees has changed")

// Handle answers one review. It always answers: an error and a panic deny.
func (h Handler) Handle(ctx context.Context, request admission.Request) (response admission.Response) {
	start := h.Clock()
	ctx, cancel := context.WithTimeout(ctx, reviewTime)
	defer cancel()
	logger := log.FromContext(ctx).WithValues("subject", subject(request), "dryRun", request.DryRun != nil && *request.DryRun)
	outcome, decision := outcomeError, newDecision(request, start)
	defer func() {
		if cause := recover(); cause != nil {
			logger.Error(fmt.Errorf("panic: %v", cause), "admit", "verdict", outcomeError)
			outcome, response = outcomeError, ignorant(errors.New("the door broke while it looked at the object"))
		}
		h.Metrics.observe(request, outcome, h.Clock().Sub(start))
		decision.Outcome = outcome
		h.enter(request, decision)
	}()
	verdict, err := h.review(ctx, request, start, decision)
	switch {
	case errors.Is(err, errUnchanged):
		outcome = outcomeUnchanged
		return admission.Allowed("")
	case err != nil:
		logger.Error(err, "admit", "verdict", outcome)
		return ignorant(err)
	case !verdict.Allowed():
		outcome = outcomeDenied
	default:
		outcome = outcomeAllowed
	}
	logger.Info("admit", "verdict", outcome, "environment", verdict.Environment, "rule", rules(verdict.Denials()))
	return answer(verdict)
}

// review is the way from a request to a verdict. The decision is told what is
// learned on it.
func (h Handler) review(ctx context.Context, request admission.Request, now time.Time, decision *Decision) (gates.Verdict, error) {
	settings := h.Settings()
	workload, err := h.workload(request, settings)
	decision.reaches(workload)
	if err != nil {
		return gates.Verdict{}, err
	}
	environment, err := h.Environments(ctx, request.Namespace)
	if err != nil {
		return gates.Verdict{}, err
	}
	decision.Environment = environment
	profile, known := settings.Profiles[environment]
	if !known {
		return gates.Verdict{}, fmt.Errorf("namespace %s is of environment %.80q, which this cluster does not have", request.Namespace, environment)
	}
	verdict, err := h.Door.Judge(ctx, environment, profile, now, workload)
	decision.judged(verdict)
	return verdict, err
}

// workload projects the request's object. An update that leaves the projection
// as it was is not judged again, so that a workload whose evidence has expired
// can still be scaled, and lose its finalizers. A deletion timestamp exempts
// nothing: a terminating object can be given another model (CVE-2023-34091).
func (h Handler) workload(request admission.Request, settings Configuration) (judge.Workload, error) {
	if request.Operation != admissionv1.Create && request.Operation != admissionv1.Update {
		return judge.Workload{}, fmt.Errorf("operation %.20q is not known: register CREATE and UPDATE only", request.Operation)
	}
	if request.Namespace == "" {
		return judge.Workload{}, errors.New("the object has no namespace")
	}
	kind, err := readable(request.Resource, request.SubResource, settings.Workloads)
	if err != nil {
		return judge.Workload{}, err
	}
	models := finder{repositories: settings.Repositories, known: h.Door.Memory.Knows}
	workload, err := kind.workload(request.Object.Raw, models)
	if err != nil {
		return judge.Workload{}, err
	}
	workload.Namespace = request.Namespace
	if request.Operation == admissionv1.Create {
		return workload, nil
	}
	old, err := kind.workload(request.OldObject.Raw, models)
	if err != nil {
		return judge.Workload{}, fmt.Errorf("the object as it was: %w", err)
	}
	if slices.Equal(old.Images, workload.Images) && slices.Equal(old.Models, workload.Models) {
		return workload, errUnchanged
	}
	return workload, nil
}

func (k kind) workload(raw []byte, models finder) (judge.Workload, error) {
	object, err := k.read(raw)
	if err != nil {
		return judge.Workload{}, err
	}
	images, uses, err := project(object, models)
	return judge.Workload{Kind: k.name, Name: object.name, Images: images, Models: uses}, err
}

func subject(request admission.Request) string {
	return fmt.Sprintf("%s %s/%s", request.Kind.Kind, request.Namespace, request.Name)
}
