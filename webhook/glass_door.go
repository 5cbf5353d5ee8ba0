package webhook

import (
	"slices"
	"strings"

	"github.com/go-logr/logr"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// underGlass are the denials of a model's verdict, as those answer for them who
// broke the glass for that model.
func underGlass(verdict gates.Verdict, glass []gates.Glass) []gates.Finding {
	denials := verdict.Denials()
	for _, pane := range glass {
		if pane.Note == "" || !strings.HasSuffix(verdict.Subject, "@"+string(pane.Release)) {
			continue
		}
		for i := range denials {
			denials[i] = denials[i].Under(pane.Note)
		}
	}
	return denials
}

// unneeded leaves a glass whole under which no rule was waived: what no rule
// denies came in by itself.
func unneeded(verdict gates.Verdict) []gates.Glass {
	if slices.ContainsFunc(verdict.Findings, func(found gates.Finding) bool { return found.Severity == gates.Waived }) {
		return verdict.Glass
	}
	whole := slices.Clone(verdict.Glass)
	for i := range whole {
		whole[i].Note = ""
	}
	return whole
}

// broken is the glass without which the object would not have come in.
func (r ruling) broken() []gates.Glass {
	if !r.allowed() {
		return nil
	}
	return r.verdict.Broken()
}

// bundles names what was signed of each glass that was broken.
func bundles(broken []gates.Glass) []evidence.Digest {
	var named []evidence.Digest
	for _, pane := range broken {
		named = append(named, pane.Bundle)
	}
	return named
}

func joined(digests []evidence.Digest) string {
	var texts []string
	for _, digest := range digests {
		texts = append(texts, string(digest))
	}
	return strings.Join(texts, ",")
}

// alarm tells the operator of every object that came in because somebody broke
// the glass. A rehearsal let nothing in.
func (h Handler) alarm(logger logr.Logger, decision *Decision, ruled ruling) {
	broken := ruled.broken()
	if len(broken) == 0 || decision.rehearsal {
		return
	}
	h.Metrics.broken.WithLabelValues(ruled.verdict.Environment).Inc()
	for _, pane := range broken {
		logger.Info("glass", "bundle", pane.Bundle, "release", pane.Release, "note", pane.Note, "subject", decision.Object, "user", decision.User, "requestID", decision.UID)
	}
}
