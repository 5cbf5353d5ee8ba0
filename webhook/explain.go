package webhook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// hint is the command that explains the first line of a denial: by the numbers of
// the release, when it is about those of the one that the cluster holds.
func hint(ruled ruling, filed []evidence.Digest) string {
	told, _ := tellingFirst(ruled.denied)
	if len(told) == 0 {
		return ""
	}
	rule := quoted(told[0].Rule, maxWarning)
	if strings.HasPrefix(rule, "model.") && len(filed) == 1 {
		return fmt.Sprintf("\nassay: hint: assay explain --why %s --cluster %s --environment %s", rule, filed[0], quoted(ruled.verdict.Environment, maxName))
	}
	return "\nassay: hint: assay explain " + rule
}

// filed are the releases of which the cluster holds an object.
func (h Handler) filed(releases []evidence.Digest) []evidence.Digest {
	return slices.DeleteFunc(slices.Clone(releases), func(digest evidence.Digest) bool { return !h.Door.Memory.Knows(string(digest)) })
}

// maxReleases bounds the digests that an audit annotation tells.
const maxReleases = 16

// annotate adds to the API server's audit log what the object reaches, and how
// long it took to say so.
func annotate(response *admission.Response, decision *Decision, took time.Duration) {
	if response.AuditAnnotations == nil {
		response.AuditAnnotations = map[string]string{}
	}
	response.AuditAnnotations["microseconds"] = strconv.FormatInt(took.Microseconds(), 10)
	if told := decision.Releases; len(told) > maxReleases {
		response.AuditAnnotations["releases"] = fmt.Sprintf("%s and %d more", joined(told[:maxReleases]), len(told)-maxReleases)
	} else if len(told) > 0 {
		response.AuditAnnotations["releases"] = joined(told)
	}
}
