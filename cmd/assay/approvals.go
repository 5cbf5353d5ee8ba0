package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
)

func newApprovals() *cobra.Command {
	var place workplace
	var base, head string
	command := &cobra.Command{
		Use:   "approvals",
		Short: "List what people have signed, what of it counts, and why the rest does not",
		Long: `List what people have signed about the promotions that merging a branch bears on, or
about all of them: which signed tags and commits count, and why the others do not.
How many people are needed is for the rules: assay explain model.compliance.approvals.`,
		Example: "  assay approvals\n  assay approvals --head lower-threshold -o json",
		Args:    cobra.NoArgs,
	}
	output := outputFlag(command)
	flags := command.Flags()
	flags.StringVar(&place.repository, "repository", ".", "promotion repository: a directory or the URL of a git remote")
	flags.StringVar(&place.state, "state", "", "directory for caches (default: the user's cache directory)")
	flags.StringVar(&base, "base", "main", "branch that is merged into")
	flags.StringVar(&head, "head", "", "branch or commit that proposes a change (default: what is merged)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if err := place.defaults(); err != nil {
			return err
		}
		if head == "" {
			head = base
		}
		workshop, err := assembly.Open(assembly.Options{Repository: place.repository, StateDir: place.state, Clock: time.Now})
		if err != nil {
			return err
		}
		told, err := workshop.Approvals(command.Context(), base, head)
		if err != nil {
			return err
		}
		if *output == "json" {
			return json.NewEncoder(command.OutOrStdout()).Encode(rowsOf(told))
		}
		return tellApprovals(command.OutOrStdout(), told)
	}
	return command
}

// approvalsRow and signatureRow are what scripts read.
type approvalsRow struct {
	Environment string         `json:"environment"`
	Model       string         `json:"model"`
	Content     string         `json:"content"`
	Authors     []string       `json:"authors"`
	Signatures  []signatureRow `json:"signatures"`
	Searched    bool           `json:"searched"` // all commits
}

type signatureRow struct {
	Standing string    `json:"standing"`
	Why      string    `json:"why,omitempty"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Role     string    `json:"role"`
	Meaning  string    `json:"meaning"`
	Time     time.Time `json:"time"`
	Means    string    `json:"means,omitempty"`
	Key      string    `json:"key,omitempty"`
	Commit   string    `json:"commit"`
	Tag      string    `json:"tag,omitempty"`
}

func rowsOf(told []assembly.Approvals) []approvalsRow {
	rows := []approvalsRow{}
	for _, one := range told {
		row := approvalsRow{one.Environment, one.Model, string(one.Content), append([]string{}, one.Authors...), []signatureRow{}, one.Searched}
		for _, signed := range one.Signatures {
			row.Signatures = append(row.Signatures, signatureRow{
				string(signed.Standing), signed.Why, signed.Name, signed.Email, signed.Role, signed.Meaning, signed.Time,
				signed.Means, signed.Key, signed.Commit, signed.Ref,
			})
		}
		rows = append(rows, row)
	}
	return rows
}

func tellApprovals(w io.Writer, told []assembly.Approvals) error {
	if len(told) == 0 {
		fmt.Fprintln(w, "the change bears on no promotion")
	}
	for _, one := range told {
		fmt.Fprintf(w, "%s in %s, content %s\n", one.Model, one.Environment, one.Content.Short())
		for _, author := range one.Authors {
			fmt.Fprintf(w, "  author     %s\n", report.Line(author))
		}
		for _, signed := range one.Signatures {
			fmt.Fprintf(w, "  %-10s %s\n", signed.Standing, report.Line(describeSignature(signed, one.Authors)))
		}
		if len(one.Signatures) == 0 {
			fmt.Fprintln(w, "  nobody has signed it")
		}
		if !one.Searched {
			fmt.Fprintln(w, "  older commits were not searched for signatures; tags were")
		}
	}
	return nil
}

func describeSignature(signed assembly.Signature, authors []string) string {
	text := fmt.Sprintf("%s <%s> as %s, %s, %s, by %s", signed.Name, signed.Email, signed.Role, signed.Meaning,
		signed.Time.Format(time.RFC3339), where(signed))
	switch {
	case signed.Why != "":
		text += ": " + signed.Why
	case slices.Contains(authors, signed.Email):
		text += ": an author does not approve"
	}
	return text
}

func where(signed assembly.Signature) string {
	if signed.Ref != "" {
		return signed.Ref
	}
	return "commit " + signed.Commit
}
