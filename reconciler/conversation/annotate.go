package conversation

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// annotations are remarks on the lines that the findings of a gate are about.
// Those of the rules that belong to no gate are the summary's, so that nothing is
// remarked twice.
func annotations(told report.Report, gate string) []forge.Annotation {
	var remarks []forge.Annotation
	for _, promotion := range told.Promotions {
		for _, finding := range promotion.Verdict.Findings {
			if gateOf(finding.Rule) != gate {
				continue
			}
			file, line := promotion.File(finding.Rule)
			if line == 0 || !fs.ValidPath(file) {
				continue
			}
			remarks = append(remarks, forge.Annotation{
				Path: file, Line: line, Title: report.Line(finding.Title),
				Message: report.Line(promotion.Model+" in "+promotion.Environment+": "+finding.Message) + "\n" +
					"What to do: " + report.Line(finding.Remedy) + "\nassay explain " + report.Line(finding.Rule),
				Warning: !finding.Denies(),
			})
		}
	}
	return remarks
}

// gateOf is the gate of a rule; empty where it belongs to none.
func gateOf(rule string) string {
	for _, gate := range report.Gates() {
		if strings.HasPrefix(rule, "model."+gate+".") {
			return gate
		}
	}
	return ""
}

// misplaced is how every mistake in a file of the repository is told.
var misplaced = regexp.MustCompile(`(?m)^([\w@+./-]{1,200}):(\d{1,6}): ?(.*)$`)

// maxMistakes is how many of them are shown beside the change.
const maxMistakes = 50

// mistakes finds the lines of files that an error names.
func mistakes(text string) []forge.Annotation {
	var remarks []forge.Annotation
	for _, match := range misplaced.FindAllStringSubmatch(text, maxMistakes) {
		line, err := strconv.Atoi(match[2])
		if err != nil || line < 1 || !fs.ValidPath(match[1]) {
			continue
		}
		remarks = append(remarks, forge.Annotation{Path: match[1], Line: line, Title: "Cannot be read", Message: report.Line(match[3])})
	}
	return remarks
}
