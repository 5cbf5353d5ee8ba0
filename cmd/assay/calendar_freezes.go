package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// freezeEntry is what scripts read of a freeze: the window that holds or comes next.
type freezeEntry struct {
	Freeze       string     `json:"freeze"`
	Environments []string   `json:"environments,omitempty"` // all when empty
	Holds        bool       `json:"holds"`
	From         *time.Time `json:"from,omitempty"`  // absent of a kill switch
	Until        *time.Time `json:"until,omitempty"` // absent where somebody must lift it
	By           string     `json:"by,omitempty"`
	Reason       string     `json:"reason"`
}

// comingFreezes lists the windows that hold, and those that begin within so many
// days, the soonest first.
func comingFreezes(freezes []kube.Freeze, now time.Time, days int) []freezeEntry {
	coming := []freezeEntry{}
	for _, freeze := range freezes {
		spec := freeze.Spec
		window := v1alpha1.FreezeSpec{From: spec.From, Until: spec.Until, Schedule: spec.Schedule, Duration: spec.Duration, Zone: spec.Zone}.Window()
		entry := freezeEntry{Freeze: freeze.Name, Environments: spec.Environments, By: spec.By, Reason: spec.Reason}
		at := window.At(now)
		if entry.Holds = at.Holds; !at.Holds {
			if at.Until.IsZero() || at.Until.After(now.AddDate(0, 0, days)) {
				continue
			}
			at = window.At(at.Until)
		}
		entry.From, entry.Until = known(at.Since), known(at.Until)
		coming = append(coming, entry)
	}
	slices.SortFunc(coming, func(a, b freezeEntry) int {
		return cmp.Or(instantOf(a.From).Compare(instantOf(b.From)), cmp.Compare(a.Freeze, b.Freeze))
	})
	return coming
}

// known is nil for an instant that nobody knows.
func known(instant time.Time) *time.Time {
	if instant.IsZero() {
		return nil
	}
	instant = instant.UTC()
	return &instant
}

func instantOf(known *time.Time) time.Time {
	if known == nil {
		return time.Time{}
	}
	return *known
}

func tellFreezes(out io.Writer, coming []freezeEntry) error {
	if len(coming) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nFREEZE\tENVIRONMENTS\tFROM\tUNTIL\tREASON")
	for _, one := range coming {
		from, until := "holds", "somebody lifts it"
		if one.From != nil && !one.Holds {
			from = one.From.Format(time.RFC3339)
		}
		if one.Until != nil {
			until = one.Until.Format(time.RFC3339)
		}
		where := cmp.Or(strings.Join(one.Environments, ", "), "all")
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", report.Line(one.Freeze), report.Line(where), from, until, report.Line(one.Reason))
	}
	return table.Flush()
}
