package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// standingEntry is one model in one environment, as it is written in JSON.
type standingEntry struct {
	Environment string   `json:"environment"`
	After       []string `json:"after"`
	Model       string   `json:"model"`
	Serves      string   `json:"serves"`
	Pinned      string   `json:"pinned"`
	Next        string   `json:"next"`
	Waits       string   `json:"waits"`
	Since       string   `json:"since"`
}

func newEnvironments() *cobra.Command {
	var place workplace
	var base string
	command := &cobra.Command{
		Use:   "environments",
		Short: "Show the environments, what serves in each, and what comes next",
		Long: `Show the environments in their order, what the branch of each holds of every model
and since when, and which release comes next there, or why it does not. For how long
a release was healthy is known to the reconciler alone: kubectl get promotions -o wide.`,
		Example: "  assay environments\n  assay environments --repository https://git.example.org/clinic/models.git -o json",
		Args:    cobra.NoArgs,
	}
	place.remote(command)
	command.Flags().StringVar(&base, "base", "main", "branch that holds what is merged")
	output := outputFlag(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		workshop, err := place.visit()
		if err != nil {
			return err
		}
		world, err := workshop.Survey(command.Context(), base, forge.NewPlain(workshop.PlainGit()))
		if err != nil {
			return err
		}
		entries := entriesOf(world)
		if *output == "json" {
			return json.NewEncoder(command.OutOrStdout()).Encode(entries)
		}
		return tellStandings(command.OutOrStdout(), entries)
	}
	return command
}

// entriesOf lists every model of every environment.
func entriesOf(world environment.World) []standingEntry {
	entries := []standingEntry{}
	for _, standing := range environment.Look(world) {
		here, model := world.Find(standing.Environment, standing.Model)
		entry := standingEntry{
			Environment: standing.Environment, After: append([]string{}, here.Spec.After...), Model: standing.Model,
			Serves: string(standing.Serves), Pinned: string(standing.Pinned), Next: string(standing.Next), Waits: standing.Waits,
		}
		if standing.Serves != "" {
			entry.Since = model.Admissions[0].Time.UTC().Format(time.RFC3339)
		}
		entries = append(entries, entry)
	}
	return entries
}

func tellStandings(w io.Writer, entries []standingEntry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ENVIRONMENT\tAFTER\tMODEL\tSERVES\tSINCE\tNEXT\tWAITS")
	for _, one := range entries {
		fmt.Fprintln(table, strings.Join([]string{
			one.Environment, orDash(strings.Join(one.After, ",")), one.Model, orDash(brief(one.Serves)), orDash(one.Since), orDash(brief(one.Next)), orDash(one.Waits),
		}, "\t"))
	}
	return table.Flush()
}

// brief is as much of a digest as people compare.
func brief(digest string) string {
	return digest[:min(len(digest), len("sha256:")+12)]
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// remote are the flags of commands that read a promotion repository, and judge
// nothing.
func (w *workplace) remote(command *cobra.Command) {
	command.Flags().StringVar(&w.repository, "repository", ".", "promotion repository: a directory or the URL of a git remote")
	command.Flags().StringVar(&w.state, "state", "", "directory for caches (default: the user's cache directory)")
}

// visit opens the repository without a key.
func (w *workplace) visit() (*assembly.Workshop, error) {
	if err := w.defaults(); err != nil {
		return nil, err
	}
	return assembly.Open(assembly.Options{Repository: w.repository, StateDir: w.state, Clock: time.Now})
}
