package webhook

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Bounds of an answer. The API server cuts a warning at 256 bytes and recommends
// 120, and drops them beyond 4096 in all
// (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response).
// The message ends in a terminal and in an event, which holds 1024 bytes; the
// most telling line comes first for that reason.
const (
	maxLine     = 700
	maxLines    = 40
	maxWarning  = 120
	maxWarnings = 16
	maxRules    = 2048
)

// answer turns a ruling into the response to a review. What releases the object
// reaches of which the cluster holds an object is for the command that explains.
func answer(ruled ruling, filed ...evidence.Digest) admission.Response {
	verdict := ruled.verdict
	var response admission.Response
	if ruled.allowed() {
		response = admission.Allowed("")
	} else {
		response = admission.Denied(message(ruled.denied) + hint(ruled, filed))
	}
	response.Warnings = warnings(ruled)
	response.AuditAnnotations = annotations(verdict, verdict.Denials())
	if names := bundles(ruled.broken()); len(names) > 0 {
		response.AuditAnnotations["glass"] = joined(names)
	}
	if mode := ruled.mode(); mode != "" {
		response.AuditAnnotations["mode"] = string(mode)
	}
	return response
}

// ignorant is the answer when nothing is known. Code 500 tells a client that
// to try again may help, which after a denial (403) it does not.
func ignorant(err error) admission.Response {
	response := admission.Errored(http.StatusInternalServerError, err)
	response.Result.Reason = metav1.StatusReasonInternalError
	response.Result.Message = "assay: could not judge: " + quoted(err.Error(), maxLine)
	return response
}

// message has one line for each denial. Rules that lack evidence because of a
// denial that is told already share one line: they are its consequence.
func message(denials []gates.Finding) string {
	told, silent := tellingFirst(denials)
	var lines []string
	for i, finding := range told {
		if i == maxLines {
			lines = append(lines, fmt.Sprintf("and %d more", len(told)-maxLines))
			break
		}
		line := fmt.Sprintf("%s: %s; remedy: %s", finding.Rule, subject.Clip(finding.Message, maxLine/2), subject.Clip(finding.Remedy, maxLine))
		lines = append(lines, quoted(line, maxLine))
	}
	if len(told) == 0 {
		return "assay: denied: no rule was evaluated"
	}
	if len(silent) > 0 {
		line := fmt.Sprintf("so %d rules have no usable evidence: %s", len(silent), strings.Join(rules(silent), ", "))
		lines = append(lines, quoted(line, maxLine))
	}
	return "assay: denied: " + strings.Join(lines, "\n")
}

// tellingFirst parts the findings that say what is wrong from those that only
// miss their evidence. When nothing else is wrong, those are what is told.
func tellingFirst(denials []gates.Finding) (told, silent []gates.Finding) {
	for _, finding := range denials {
		if finding.State == gates.Missing {
			silent = append(silent, finding)
		} else {
			told = append(told, finding)
		}
	}
	if len(told) == 0 {
		return silent, nil
	}
	return told, silent
}

// warnings are told to the user and let pass: first what is let pass only for
// now.
func warnings(ruled ruling) []string {
	var told []string
	for _, pane := range ruled.broken() {
		told = append(told, quoted("assay: "+pane.Note, maxWarning))
	}
	for _, finding := range ruled.warned {
		told = append(told, quoted("assay: would be denied: "+finding.Rule+": "+finding.Message, maxWarning))
	}
	for _, finding := range ruled.verdict.Findings {
		if !finding.Denies() {
			told = append(told, quoted("assay: "+finding.Rule+": "+finding.Message, maxWarning))
		}
	}
	return told[:min(len(told), maxWarnings)]
}

// annotations go to the audit log of the API server, and tie the decision to
// the rules and to the verdict's own bytes.
func annotations(verdict gates.Verdict, denials []gates.Finding) map[string]string {
	told := map[string]string{
		"environment": quoted(verdict.Environment, maxName),
		"policy":      quoted(verdict.Policy, maxName),
		"rules":       quoted(strings.Join(rules(denials), ","), maxRules),
	}
	if body, err := json.Marshal(verdict); err == nil { // a verdict without digest is still a verdict
		told["verdict"] = string(evidence.Sum(body))
	}
	return told
}

// rules lists the ids of findings.
func rules(findings []gates.Finding) []string {
	ids := make([]string, 0, len(findings))
	for _, finding := range findings {
		ids = append(ids, finding.Rule)
	}
	return ids
}
