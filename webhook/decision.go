package webhook

import (
	"slices"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Decision is one answer as an auditor asks for it: who wanted what, and by
// which rules. It holds names and digests, and nothing of what a pod carries.
type Decision struct {
	UID         string
	Object      string // its kind, namespace and name
	Operation   string
	User        string
	Environment string // of the namespace; empty when it is not known
	Outcome     string // allowed, denied, unchanged, error
	Evaluated   int    // rules that took part
	Findings    []gates.Finding
	Mode        Mode              // by which it came in although rules deny it; empty when they do not, or when it did not
	Releases    []evidence.Digest // that the object reaches, each once
	Glass       []evidence.Digest // that was broken to let the object in: of what was signed
	Policy      string
	Time        time.Time
	rehearsal   bool // a dry run
}

// Allowed says whether the object came in.
func (d Decision) Allowed() bool { return d.Outcome == outcomeAllowed || d.Outcome == outcomeUnchanged }

const maxObjectName = 3 * maxName // kind, namespace and name

// Log keeps decisions. Enter returns at once, whatever becomes of the decision:
// a review waits for no disk.
type Log interface{ Enter(Decision) }

func newDecision(request admission.Request, now time.Time) *Decision {
	return &Decision{
		UID: quoted(string(request.UID), maxName), Object: quoted(subjectOf(request), maxObjectName), Operation: quoted(string(request.Operation), maxName),
		User: quoted(request.UserInfo.Username, maxName), Outcome: outcomeError, Time: now,
		rehearsal: request.DryRun != nil && *request.DryRun,
	}
}

// told is what a line of the log says of every answer, and more.
func (d *Decision) told(outcome string, more ...any) []any {
	return append([]any{"subject", d.Object, "dryRun", d.rehearsal, "user", d.User, "requestID", d.UID, "verdict", outcome}, more...)
}

// reaches notes what was found in the object. Of an object that is to be named
// by the API server only the object itself tells the name.
func (d *Decision) reaches(workload judge.Workload) {
	if workload.Name != "" {
		d.Object = quoted(workload.Kind+" "+workload.Namespace+"/"+workload.Name, maxObjectName)
	}
	for _, use := range workload.Models {
		if digest := evidence.Digest(use.Digest); digest != "" && !slices.Contains(d.Releases, digest) {
			d.Releases = append(d.Releases, digest)
		}
	}
}

func (d *Decision) judged(ruled ruling) {
	verdict := ruled.verdict
	d.Mode, d.Glass = ruled.mode(), bundles(ruled.broken())
	d.Evaluated, d.Findings, d.Policy = len(verdict.Evaluated), verdict.Findings, verdict.Policy
}

// enter hands the decision over. A rehearsal decides nothing, and must leave
// nothing behind (sideEffects: None speaks of dry runs).
func (h Handler) enter(decision *Decision) {
	if h.Log != nil && !decision.rehearsal {
		h.Log.Enter(*decision)
	}
}
