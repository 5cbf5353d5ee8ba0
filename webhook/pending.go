package webhook

import (
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// evidencePending is the code of a review that did not wait for a registry.
const evidencePending metav1.CauseType = "EVIDENCE_PENDING"

// unanswered says that a registry is asked for the evidence of a digest, or that it
// gave no answer. It is ignorance, and no denial that a mode could soften.
type unanswered struct {
	digest string
	failed bool
}

func (e unanswered) Error() string {
	if e.failed {
		return fmt.Sprintf("no Release speaks of %s, and its registry gave no answer that can be used; the webhook's log says why", e.digest)
	}
	return fmt.Sprintf("%s: the evidence of %s is being fetched from its registry; try again", evidencePending, e.digest)
}

// retrySeconds is when to try again. The API server tells it in Retry-After, and
// clients of Kubernetes then do so by themselves, a few times.
const retrySeconds = 1

// pending is the answer while a registry is asked, and after it failed.
func pending(err unanswered) admission.Response {
	response := ignorant(err)
	if err.failed {
		return response
	}
	response.Result.Code = http.StatusServiceUnavailable
	response.Result.Reason = metav1.StatusReasonServiceUnavailable
	response.Result.Details = &metav1.StatusDetails{
		RetryAfterSeconds: retrySeconds,
		Causes:            []metav1.StatusCause{{Type: evidencePending, Message: err.digest}},
	}
	return response
}
