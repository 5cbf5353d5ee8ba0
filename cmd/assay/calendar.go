package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newCalendar() *cobra.Command {
	var place defendant
	var days int
	var all bool
	command := &cobra.Command{
		Use:   "calendar",
		Short: "List the releases that run in a cluster, and until when they are admissible",
		Long: `List the releases that run in a cluster, with the day on which a rule will deny them,
and that rule: evidence ages, approvals, waivers and keys end. A release that is
denied goes on running; no new pod of it comes in, not even after a node has failed.
Below stand the freezes that hold or are coming: while one does, nothing new comes in.

It reads what the audit of that cluster (assay-webhook --audit) wrote into the status
of its Release objects. Exit code 1 says that one which runs is not admissible now.`,
		Example: "  assay calendar --kubeconfig ~/.kube/config\n  assay calendar --days 30 -o json",
		Args:    cobra.NoArgs,
	}
	output := outputFlag(command)
	command.Flags().StringVar(&place.kubeconfig, "kubeconfig", "", "file that says where the cluster is (default: as kubectl finds it)")
	command.Flags().IntVar(&days, "days", 14, "warn of releases that end, and list freezes that begin, within so many days")
	command.Flags().BoolVar(&all, "all", false, "list releases that nothing runs, too")
	command.RunE = func(command *cobra.Command, _ []string) error {
		entries, freezes, err := place.calendar(command.Context(), all)
		if err != nil {
			return err
		}
		now := time.Now()
		coming := comingFreezes(freezes, now, days)
		if *output == "json" {
			err = json.NewEncoder(command.OutOrStdout()).Encode(map[string]any{"releases": entries, "freezes": coming})
		} else {
			err = errors.Join(tellCalendar(command.OutOrStdout(), entries, now, days), tellFreezes(command.OutOrStdout(), coming))
		}
		if err == nil && slices.ContainsFunc(entries, func(one calendarEntry) bool {
			return one.Workloads > 0 && one.Admissible != string(metav1.ConditionTrue)
		}) {
			return errDenied
		}
		return err
	}
	return command
}

// calendarEntry is what scripts read.
type calendarEntry struct {
	Release     string     `json:"release"`
	Environment string     `json:"environment"`
	Model       string     `json:"model"`
	Digest      string     `json:"digest"`
	Workloads   int32      `json:"workloads"`
	Admissible  string     `json:"admissible"`      // True, False or Unknown
	Until       *time.Time `json:"until,omitempty"` // absent when no end is foreseen
	Rule        string     `json:"rule,omitempty"`  // the first that denies, or that will
	Message     string     `json:"message,omitempty"`
	Policy      string     `json:"policy,omitempty"`
}

// calendar reads the releases a page at a time, for each carries its evidence; and
// the freezes.
func (d *defendant) calendar(ctx context.Context, all bool) ([]calendarEntry, []kube.Freeze, error) {
	scheme := runtime.NewScheme()
	if err := kube.AddToScheme(scheme); err != nil {
		return nil, nil, err
	}
	at, err := d.address()
	if err != nil {
		return nil, nil, fmt.Errorf("finding the cluster: %w", err)
	}
	cluster, err := client.New(at, client.Options{Scheme: scheme})
	if err != nil {
		return nil, nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	var freezes kube.FreezeList
	if err := cluster.List(ctx, &freezes); err != nil {
		return nil, nil, fmt.Errorf("listing freezes: %w", err)
	}
	entries := []calendarEntry{}
	var list kube.ReleaseList
	for {
		if err := cluster.List(ctx, &list, client.Limit(100), client.Continue(list.Continue)); err != nil {
			return nil, nil, fmt.Errorf("listing releases: %w", err)
		}
		for _, release := range list.Items {
			if all || release.Status.Workloads > 0 {
				entries = append(entries, entryOf(release))
			}
		}
		if list.Continue == "" {
			slices.SortFunc(entries, soonestFirst)
			return entries, freezes.Items, nil
		}
	}
}

func entryOf(release kube.Release) calendarEntry {
	entry := calendarEntry{
		Release: release.Name, Environment: release.Spec.Environment, Model: release.Spec.Model, Digest: release.Spec.Digest,
		Workloads: release.Status.Workloads, Admissible: string(metav1.ConditionUnknown), Rule: release.Status.Rule, Policy: release.Status.Policy,
	}
	if said := meta.FindStatusCondition(release.Status.Conditions, kube.Admissible); said != nil {
		entry.Admissible, entry.Message = string(said.Status), said.Message
	}
	if until := release.Status.AdmissibleUntil; until != nil {
		entry.Until = &until.Time
	}
	return entry
}

// soonestFirst puts what is not admissible before what ends, and that before what
// stays.
func soonestFirst(a, b calendarEntry) int {
	rank := func(one calendarEntry) int64 {
		switch {
		case one.Admissible != string(metav1.ConditionTrue):
			return 0
		case one.Until != nil:
			return one.Until.Unix()
		}
		return 1 << 62
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Release, b.Release))
}

func tellCalendar(out io.Writer, entries []calendarEntry, now time.Time, days int) error {
	if len(entries) == 0 {
		_, err := fmt.Fprintln(out, "no release runs, as far as the audit has told\nhint: kubectl -n assay-system get deployment assay-audit; assay calendar --all")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RELEASE\tENVIRONMENT\tWORKLOADS\tADMISSIBLE UNTIL\tFIRST RULE")
	for _, one := range entries {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", report.Line(one.Release), report.Line(one.Environment), one.Workloads, one.end(now, days), report.Line(cmp.Or(one.Rule, "-")))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, one := range entries {
		if one.Admissible != string(metav1.ConditionTrue) || one.soon(now, days) {
			if _, err := fmt.Fprintf(out, "warning: %s: %s\n", report.Line(one.Release), report.Line(one.Message)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e calendarEntry) soon(now time.Time, days int) bool {
	return e.Until != nil && e.Until.Before(now.AddDate(0, 0, days))
}

// end says until when, in words that stay true for a while.
func (e calendarEntry) end(now time.Time, days int) string {
	switch {
	case e.Admissible == string(metav1.ConditionFalse):
		return "not admissible"
	case e.Admissible != string(metav1.ConditionTrue):
		return "not known"
	case e.Until == nil:
		return "no end foreseen"
	case e.soon(now, days):
		return fmt.Sprintf("%s (in %d days)", e.Until.UTC().Format(time.DateOnly), int(e.Until.Sub(now).Hours()/24))
	}
	return e.Until.UTC().Format(time.DateOnly)
}
