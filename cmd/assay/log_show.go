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
		now, entries, err := from.read(command.Context(), nil, func(entry auditlog.Entry) bool { return entry.Index == index })
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
		{"evaluated", strconv.Itoa(record.Evaluated) + " rules"},
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
	return nil
}

func subjectOf(record auditlog.Record) string {
	if record.Subject.Zero() {
		return record.Subject.Name
	}
	return record.Subject.String()
}

func outcomeOf(record auditlog.Record) string {
	if record.Allowed {
		return "allowed"
	}
	return "denied"
}
