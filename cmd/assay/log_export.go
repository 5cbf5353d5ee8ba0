package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newLogExport() *cobra.Command {
	var from archive
	var begin, end string
	command := &cobra.Command{
		Use:   "export",
		Short: "Report what was decided in a period",
		Long: `Report what was decided in a period, from an instant up to but not including
another: a date (midnight UTC) or an instant such as 2026-01-31T12:00:00Z.
JSON has one entry a line; Markdown counts by environment and rule, and tells
every denial. The whole log is proven first.

Exit codes: 0 reported, 1 the log does not hold together, 2 could not look.`,
		Example: "  assay log export --log /var/lib/assay/log --key assay.pub --from 2026-01-01 --to 2026-04-01 -o markdown",
		Args:    cobra.NoArgs,
	}
	output := outputFlag(command, "markdown")
	from.flags(command)
	command.Flags().StringVar(&begin, "from", "", "first instant (default: the beginning of the log)")
	command.Flags().StringVar(&end, "to", "", "first instant that is left out (default: the end of the log)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		period, err := periodOf(begin, end)
		if err != nil {
			return err
		}
		now, entries, err := from.read(command.Context(), func(entry auditlog.Entry) bool { return period.holds(entry.Record.Time) })
		if err != nil {
			return refuse(command, err)
		}
		if *output == "markdown" {
			return periodReport(command.OutOrStdout(), period, now, entries)
		}
		for _, entry := range entries {
			if *output == "json" {
				err = jsonLine(command.OutOrStdout(), entry)
			} else {
				err = oneLine(command.OutOrStdout(), entry)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return command
}

func oneLine(w io.Writer, entry auditlog.Entry) error {
	record := entry.Record
	text := fmt.Sprintf("%6d %s %-9s %-7s %-12s %s", entry.Index, record.Time.Format(time.RFC3339), record.Kind, outcomeOf(record), record.Environment, subjectOf(record))
	if rules := denying(record); len(rules) > 0 {
		text += " (" + strings.Join(rules, ", ") + ")"
	}
	if record.Gap != nil {
		text += ": " + gapOf(*record.Gap)
	}
	if record.Waiver != nil {
		text += " " + waiverOf(record)
	}
	_, err := fmt.Fprintln(w, report.Line(text))
	return err
}

// waiverOf says who waived what, and whether it counted.
func waiverOf(record auditlog.Record) string {
	waiver := record.Waiver
	if waiver.Rule == "" {
		return "not believed: " + strings.Join(waiver.Why, ", ")
	}
	text := fmt.Sprintf("%s waived by %s (%s) until %s", waiver.Rule, record.Actor, waiver.Role, waiver.Until)
	if len(waiver.Why) > 0 {
		text += ", which changed nothing: " + strings.Join(waiver.Why, ", ")
	}
	return text
}

// denying names the rules that kept the door shut.
func denying(record auditlog.Record) []string {
	var rules []string
	for _, finding := range record.Findings {
		if denies(finding) {
			rules = append(rules, finding.Rule)
		}
	}
	return rules
}

func denies(finding auditlog.Finding) bool {
	return gates.Finding{Severity: gates.Severity(finding.Severity)}.Denies()
}

// period is half open: what one leaves out, the next begins with.
type period struct{ from, to time.Time } // zero for no limit

func (p period) holds(at time.Time) bool {
	return !at.Before(p.from) && (p.to.IsZero() || at.Before(p.to))
}

func (p period) String() string {
	text := "From the beginning"
	if !p.from.IsZero() {
		text = "From " + p.from.Format(time.RFC3339)
	}
	if p.to.IsZero() {
		return text + " to the end of the log"
	}
	return text + " up to " + p.to.Format(time.RFC3339)
}

func periodOf(from, to string) (period, error) {
	var chosen period
	for _, flag := range []struct {
		name, text string
		into       *time.Time
	}{{"--from", from, &chosen.from}, {"--to", to, &chosen.to}} {
		if flag.text == "" {
			continue
		}
		at, err := time.Parse(time.DateOnly, flag.text)
		if err != nil {
			at, err = time.Parse(time.RFC3339, flag.text)
		}
		if err != nil {
			return period{}, fmt.Errorf("%s %q is neither a date nor an instant\nhint: %s 2026-01-31, or %s 2026-01-31T12:00:00Z", flag.name, flag.text, flag.name, flag.name)
		}
		*flag.into = at.UTC()
	}
	if !chosen.to.IsZero() && !chosen.from.Before(chosen.to) {
		return period{}, fmt.Errorf("the period is empty: --from %s is not before --to %s", from, to)
	}
	return chosen, nil
}
