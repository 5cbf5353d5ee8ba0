package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
)

func newCheck() *cobra.Command {
	var place workplace
	var base, head string
	var record bool
	command := &cobra.Command{
		Use:   "check",
		Short: "Judge what merging a branch would promote",
		Long: `Judge what merging a branch would promote: fetch, train, measure, attest, pack
and judge every promotion that the change bears on. The answer is about the
merge of head into base, and trusted keys, registry and policies are those of
base.

Without --key this is a rehearsal: all is measured and judged, nothing is
pushed. With --key the candidate and its evidence go to the registry, so that
the merge costs no second training, and --record writes the verdict as a git
note on the head commit (git log --notes=assay).

-o html writes one self-contained page with curves, -o markdown a comment for a
pull request, -o sarif what code scanners show beside the lines of a change.

Exit codes: 0 allowed, 1 denied, 2 could not judge.`,
		Example: "  assay check --head lower-threshold\n  assay check --repository https://git.example.org/promotions.git --head lower-threshold --key assay.key --record -o json",
		Args:    cobra.NoArgs,
	}
	output := outputFlag(command, "html", "markdown", "sarif")
	place.flags(command)
	command.Flags().StringVar(&base, "base", "main", "branch that is merged into")
	command.Flags().StringVar(&head, "head", "", "branch or commit that proposes the change (default: the one checked out)")
	command.Flags().BoolVar(&record, "record", false, "write the verdict as a git note on the head commit")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if record && place.key == "" {
			return fmt.Errorf("--record needs --key: a verdict that nobody signed the evidence for is not worth a record")
		}
		workshop, err := place.open(command)
		if err != nil {
			return err
		}
		if head == "" {
			if !place.local() {
				return fmt.Errorf("--head is required with a remote repository")
			}
			if head, err = headOf(place.repository); err != nil {
				return err
			}
		}
		return check(command, workshop, base, head, *output, record)
	}
	return command
}

func check(command *cobra.Command, workshop *assembly.Workshop, base, head, output string, record bool) error {
	ctx := command.Context()
	outcome, err := workshop.Check(ctx, base, head)
	if err != nil {
		return err
	}
	if record {
		if err := workshop.Record(ctx, outcome); err != nil {
			return err
		}
	}
	write := map[string]func(io.Writer) error{
		"text": outcome.Text, "json": outcome.JSON, "html": outcome.HTML, "markdown": outcome.Markdown, "sarif": outcome.SARIF,
	}[output]
	if err := write(command.OutOrStdout()); err != nil {
		return err
	}
	for _, promotion := range outcome.Promotions {
		for _, finding := range promotion.Verdict.Denials() {
			fmt.Fprintf(command.ErrOrStderr(), "assay: denied: %s: %s\nassay: hint: assay explain %s\n", finding.Rule, report.Line(finding.Message), finding.Rule)
		}
	}
	if outcome.Error != "" {
		fmt.Fprintln(command.ErrOrStderr(), "assay: could not judge: "+report.Line(outcome.Error))
	}
	switch {
	case outcome.Error != "":
		return errCouldNotJudge
	case !outcome.Allowed:
		return errDenied
	}
	return nil
}
