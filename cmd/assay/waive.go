package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/internal/signer"
	"github.com/mlops-clinical-trials/assay/policies"
)

// exception is what the command is told.
type exception struct {
	release string
	waiver  evidence.Waiver
	days    int
	key     string
	out     string
}

func newWaive() *cobra.Command {
	var asked exception
	command := &cobra.Command{
		Use:   "waive RULE",
		Short: "Sign a waiver: one rule need not hold for one release, for a while",
		Long: `Sign a waiver, and write it where the promotion repository keeps them. It is bound
to one release by digest, to one rule and to one environment, and it ends. Commit
the file in a pull request. It counts while assay.yaml trusts your key for
` + evidence.WaiverType + `
and gives you an e-mail address and a role that may waive, and if you are not the
author of the change (policies/thresholds/data.yaml, waivers). Some rules cannot be
waived, and no rule can whose evidence is missing.`,
		Example: `  assay waive model.bias.equal_opportunity --release breast-malignancy@sha256:0123... --environment staging \
    --reason "the cohort is being recruited" --control "a second reader for every patient over 70" --key my.key`,
		Args: cobra.ExactArgs(1),
	}
	flags := command.Flags()
	flags.StringVar(&asked.release, "release", "", "the release, <model>@sha256:<digest>")
	flags.StringVar(&asked.waiver.Environment, "environment", "", "environment in which the rule need not hold")
	flags.StringVar(&asked.waiver.Reason, "reason", "", "why the rule cannot be met now")
	flags.StringVar(&asked.waiver.Control, "control", "", "what protects patients instead")
	flags.IntVar(&asked.days, "days", 30, "how many days it lasts")
	flags.StringVar(&asked.key, "key", "", "what signs: "+signer.References)
	flags.StringVar(&asked.out, "out", "", "file to write (default waivers/<rule>-<model>-<environment>.json)")
	for _, name := range []string{"release", "environment", "reason", "control", "key"} {
		cobra.CheckErr(command.MarkFlagRequired(name))
	}
	command.RunE = func(command *cobra.Command, arguments []string) error {
		asked.waiver.Rule = arguments[0]
		if err := asked.write(command.Context(), time.Now()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(command.OutOrStdout(), "assay: wrote %s: %s is waived for %s in %s until %s\n",
			asked.out, asked.waiver.Rule, asked.release, asked.waiver.Environment, asked.waiver.Expires)
		return err
	}
	return command
}

func (e *exception) write(ctx context.Context, now time.Time) error {
	court, err := judge.New(ctx, policies.FS)
	if err != nil {
		return err
	}
	if rules := court.Rules(); !slices.Contains(rules, e.waiver.Rule) {
		return fmt.Errorf("there is no rule %q\nhint: %s", e.waiver.Rule, nearest(e.waiver.Rule, rules))
	}
	subject, err := subjectNamed(e.release)
	if err != nil {
		return fmt.Errorf("--release: %w", err)
	}
	if e.days < 1 {
		return fmt.Errorf("--days %d: a waiver lasts a day at least", e.days)
	}
	now = now.UTC().Truncate(time.Second)
	e.waiver.Issued, e.waiver.Expires = now.Format(time.RFC3339), now.AddDate(0, 0, e.days).Format(time.RFC3339)
	signer, err := signer.Open(ctx, e.key)
	if err != nil {
		return err
	}
	envelope, err := signer.Sign(ctx, evidence.Waived(subject, e.waiver))
	if err != nil {
		return err
	}
	if e.out == "" {
		e.out = filepath.Join("waivers", fmt.Sprintf("%s-%s-%s.json", e.waiver.Rule, subject.Name, filepath.Base(e.waiver.Environment)))
	}
	if err := os.MkdirAll(filepath.Dir(e.out), 0o755); err != nil {
		return err
	}
	return writeNew(e.out, envelope, 0o644)
}
