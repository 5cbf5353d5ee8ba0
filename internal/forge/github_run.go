package forge

import (
	"fmt"
	"strings"

	"github.com/google/go-github/v84/github"
)

const markPrefix = "assay:"

// runForm is a check as a check run.
type runForm struct {
	check              Check
	status, conclusion string
	annotations        []*github.CheckRunAnnotation
}

func newRunForm(check Check) runForm {
	form := runForm{check: check, status: "completed"}
	switch check.Outcome {
	case Pending:
		form.status = "in_progress"
	case Passed:
		form.conclusion = "success"
	case Failed:
		form.conclusion = "failure"
	case Unaffected:
		form.conclusion = "neutral"
	default:
		form.conclusion = "action_required"
	}
	for _, remark := range check.Annotations[:min(len(check.Annotations), maxAnnotations)] {
		form.annotations = append(form.annotations, annotation(remark))
	}
	return form
}

func annotation(remark Annotation) *github.CheckRunAnnotation {
	level, line := "failure", max(remark.Line, 1)
	if remark.Warning {
		level = "warning"
	}
	title, message := clip(remark.Title, 255), fit(remark.Message, "", maxText) // GitHub: 255 characters, 64 kB
	return &github.CheckRunAnnotation{
		Path: &remark.Path, StartLine: &line, EndLine: &line, AnnotationLevel: &level, Title: optional(title), Message: &message,
	}
}

// mark names all that a run shows. It is written last, so a run that lacks it
// was never finished.
func (f runForm) mark() string {
	return markPrefix + fingerprint(f.check) + ":" + f.remarks()
}

func (f runForm) remarks() string { return fingerprint(f.check.Annotations) }

func (f runForm) sameRemarks(mark string) bool {
	return strings.HasPrefix(mark, markPrefix) && strings.HasSuffix(mark, ":"+f.remarks())
}

func (f runForm) external(last bool) *string {
	if !last {
		return github.Ptr(markPrefix + "in writing")
	}
	return github.Ptr(f.mark())
}

func (f runForm) output(remarks []*github.CheckRunAnnotation) *github.CheckRunOutput {
	title := clip(f.check.Title, 255)
	if title == "" {
		title = f.check.Name
	}
	text := f.check.Text
	if left := len(f.check.Annotations) - maxAnnotations; left > 0 {
		text = fmt.Sprintf("%d more remarks are in the report.\n\n%s", left, text)
	}
	text = fit(strings.ToValidUTF8(text, "\uFFFD"), f.check.Link, maxText)
	return &github.CheckRunOutput{Title: &title, Summary: &text, Annotations: remarks}
}
