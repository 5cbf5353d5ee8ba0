package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newLogShow() *cobra.Command {
	var from archive
	command := &cobra.Command{
		Use:     "show INDEX",
		Short:   "Show one entry of the log",
		Example: "  assay log show 0 --log /var/lib/assay/log --key assay.pub",
		Args:    cobra.ExactArgs(1),
	}
	output := outputFlag(command)
	from.flags(command)
	command.RunE = func(command *cobra.Command, arguments []string) error {
		index, err := strconv.ParseUint(arguments[0], 10, 64)
		if err != nil {
			return fmt.Errorf("%.80q is no index: entries count from 0", arguments[0])
		}
		now, entries, err := from.read(command.Context(), func(entry auditlog.Entry) bool { return entry.Index == index })
		if err != nil {
			return refuse(command, err)
		}
		if len(entries) == 0 {
			return fmt.Errorf("there is no entry %d: the log has %d", index, now.Size)
		}
		if *output == "json" {
			return jsonLine(command.OutOrStdout(), entries[0])
		}
		return show(command.OutOrStdout(), entries[0])
	}
	return command
}

// jsonLine is an entry as one line of JSON.
func jsonLine(w io.Writer, entry auditlog.Entry) error {
	return json.NewEncoder(w).Encode(struct {
		Index  uint64          `json:"index"`
		Record auditlog.Record `json:"record"`
	}{entry.Index, entry.Record})
}

func show(w io.Writer, entry auditlog.Entry) error {
	record := entry.Record
	for _, row := range []struct{ name, text string }{
		{"entry", strconv.FormatUint(entry.Index, 10)},
		{"kind", string(record.Kind)},
		{"time", record.Time.Format(time.RFC3339)},
		{"environment", record.Environment},
		{"subject", subjectOf(record)},
		{"outcome", outcomeOf(record)},
		{"evaluated", evaluatedOf(record)},
		{"policy", record.Policy},
		{"repository", record.Repository},
		{"commit", record.Commit},
		{"actor", record.Actor},
	} {
		if row.text != "" {
			fmt.Fprintf(w, "%-12s %s\n", row.name, report.Line(row.text))
		}
	}
	for _, finding := range record.Findings {
		fmt.Fprintf(w, "%-12s %s\n", "finding", report.Line(fmt.Sprintf("%s, %s: %s: %s", finding.Severity, finding.State, finding.Rule, finding.Message)))
	}
	for _, digest := range record.Evidence {
		fmt.Fprintf(w, "%-12s %s\n", "evidence", digest)
	}
	return showParticulars(w, record)
}

func evaluatedOf(record auditlog.Record) string {
	if record.Kind != auditlog.Verdict && record.Kind != auditlog.Admission {
		return ""
	}
	return strconv.Itoa(record.Evaluated) + " rules"
}

// showParticulars tells what only one kind of record holds.
func showParticulars(w io.Writer, record auditlog.Record) error {
	var rows [][2]string
	if waiver := record.Waiver; waiver != nil {
		rows = append(rows, [2]string{"rule", waiver.Rule}, [2]string{"role", waiver.Role}, [2]string{"until", waiver.Until}, [2]string{"bundle", string(waiver.Bundle)})
		for _, why := range waiver.Why {
			rows = append(rows, [2]string{"why", why})
		}
	}
	if review := record.Admission; review != nil {
		rows = append(rows, [2]string{"uid", review.UID}, [2]string{"operation", review.Operation})
		for _, release := range review.Releases {
			rows = append(rows, [2]string{"release", string(release)})
		}
		for _, bundle := range review.Glass {
			rows = append(rows, [2]string{"glass", string(bundle)})
		}
	}
	if gap := record.Gap; gap != nil {
		rows = append(rows, [2]string{"gap", gapOf(*gap)})
	}
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(w, "%-12s %s\n", row[0], report.Line(row[1]))
		}
	}
	return nil
}

// gapOf says what is not in the log.
func gapOf(gap auditlog.Lost) string {
	count := strconv.FormatUint(gap.Count, 10)
	if gap.Count == 0 {
		count = "an unknown number of"
	}
	return fmt.Sprintf("%s decisions were not entered between %s and %s: %s", count, gap.From.Format(time.RFC3339), gap.To.Format(time.RFC3339), gap.Why)
}

func subjectOf(record auditlog.Record) string {
	if record.Subject.Zero() {
		return record.Subject.Name
	}
	return record.Subject.String()
}

func outcomeOf(record auditlog.Record) string {
	switch {
	case record.Kind == auditlog.Gap || record.Kind == auditlog.Closed:
		return "-"
	case record.Kind == auditlog.Waiver && record.Allowed:
		return "counted"
	case record.Kind == auditlog.Waiver:
		return "ignored"
	case record.Admission != nil && record.Admission.Mode != "":
		return record.Admission.Outcome + " (" + record.Admission.Mode + ")" // rules deny it, and it came in nevertheless
	case record.Admission != nil:
		return record.Admission.Outcome
	case record.Allowed:
		return "allowed"
	}
	return "denied"
}
