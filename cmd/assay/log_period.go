package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// periodReport writes what was decided for people who review a quarter: how
// much, by which rules, and each denial.
func periodReport(w io.Writer, chosen period, now auditlog.Checkpoint, entries []auditlog.Entry) error {
	var text strings.Builder
	fmt.Fprintf(&text, "# Decisions\n\n%s: %d entries of %d. The whole log was verified against this checkpoint:\n\n", chosen, len(entries), now.Size)
	for line := range strings.Lines(string(now.Text)) {
		fmt.Fprintf(&text, "    %s\n", strings.TrimSuffix(line, "\n"))
	}
	listGaps(&text, entries)
	countEnvironments(&text, entries)
	countRules(&text, entries)
	listWaivers(&text, entries)
	listDenials(&text, entries)
	_, err := io.WriteString(w, text.String())
	return err
}

// decides holds for what somebody wanted and got, or did not get.
func decides(record auditlog.Record) bool {
	return record.Kind == auditlog.Verdict || record.Kind == auditlog.Admission
}

// listGaps says first what the report cannot tell.
func listGaps(text *strings.Builder, entries []auditlog.Entry) {
	first := true
	for _, entry := range entries {
		if entry.Record.Gap == nil {
			continue
		}
		if first {
			text.WriteString("\n## Not in the log\n\n")
			first = false
		}
		fmt.Fprintf(text, "- Entry %d: %s\n", entry.Index, report.Plain(gapOf(*entry.Record.Gap)))
	}
}

func listWaivers(text *strings.Builder, entries []auditlog.Entry) {
	first := true
	for _, entry := range entries {
		record := entry.Record
		if record.Waiver == nil {
			continue
		}
		if first {
			text.WriteString("\n## Waivers\n\n")
			first = false
		}
		fmt.Fprintf(text, "- Entry %d, %s: %s in %s: %s\n", entry.Index, record.Time.Format(time.RFC3339),
			report.Plain(subjectOf(record)), report.Plain(record.Environment), report.Plain(waiverOf(record)))
	}
}

// outcomes count decisions.
type outcomes struct{ allowed, denied int }

func countEnvironments(text *strings.Builder, entries []auditlog.Entry) {
	type row struct{ environment, kind string }
	counts := map[row]outcomes{}
	for _, entry := range entries {
		if !decides(entry.Record) {
			continue
		}
		key := row{entry.Record.Environment, string(entry.Record.Kind)}
		count := counts[key]
		if entry.Record.Allowed {
			count.allowed++
		} else {
			count.denied++
		}
		counts[key] = count
	}
	text.WriteString("\n## By environment\n\n| Environment | Kind | Allowed | Denied |\n|---|---|---:|---:|\n")
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(a, b row) int {
		return strings.Compare(a.environment+"\x00"+a.kind, b.environment+"\x00"+b.kind)
	}) {
		fmt.Fprintf(text, "| %s | %s | %d | %d |\n", report.Plain(key.environment), key.kind, counts[key].allowed, counts[key].denied)
	}
}

func countRules(text *strings.Builder, entries []auditlog.Entry) {
	denied, warned := map[string]int{}, map[string]int{}
	for _, entry := range entries {
		for _, finding := range entry.Record.Findings {
			if denies(finding) {
				denied[finding.Rule]++
			} else {
				warned[finding.Rule]++
			}
		}
	}
	rules := slices.Sorted(maps.Keys(denied))
	for rule := range warned {
		if denied[rule] == 0 {
			rules = append(rules, rule)
		}
	}
	slices.Sort(rules)
	text.WriteString("\n## By rule\n\n| Rule | Denied | Warned |\n|---|---:|---:|\n")
	for _, rule := range rules {
		fmt.Fprintf(text, "| %s | %d | %d |\n", report.Plain(rule), denied[rule], warned[rule])
	}
}

func listDenials(text *strings.Builder, entries []auditlog.Entry) {
	text.WriteString("\n## Denials\n")
	for _, entry := range entries {
		record := entry.Record
		if record.Allowed || !decides(record) {
			continue
		}
		fmt.Fprintf(text, "\n- Entry %d, %s: %s in %s, commit %s by %s\n", entry.Index, record.Time.Format(time.RFC3339),
			report.Plain(subjectOf(record)), report.Plain(record.Environment), report.Plain(record.Commit), report.Plain(record.Actor))
		for _, finding := range record.Findings {
			if denies(finding) {
				fmt.Fprintf(text, "  - %s (%s): %s\n", report.Plain(finding.Rule), report.Plain(finding.State), report.Plain(finding.Message))
			}
		}
	}
}
