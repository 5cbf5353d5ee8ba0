package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newLog() *cobra.Command {
	command := &cobra.Command{
		Use:   "log",
		Short: "Prove, show and report what was decided",
		Long: `Prove, show and report what was decided. The reconciler appends every verdict,
allowed or denied, and every waiver to a transparency log before anything is
delivered; each replica of the webhook may keep its answers in a log of its own.
Each of these commands first proves the whole log with the public key, so none of
them tells what was not signed. They take no lock, and work on a copy as well.

Exit codes: 0 the log holds together, 1 it does not, 2 could not look.`,
		Example: "  assay log verify --log /var/lib/assay/log --key assay.pub\n" +
			"  assay log export --log /var/lib/assay/log --key assay.pub --from 2026-01-01 --to 2026-04-01 -o markdown\n" +
			"  assay log prove --log /var/lib/assay/log --key assay.pub --entry 12 --out entry-12.tlog-proof\n" +
			"  assay log verify --proof entry-12.tlog-proof --key assay.pub",
	}
	command.AddCommand(newLogVerify(), newLogProve(), newLogShow(), newLogExport(), newLogKey())
	return command
}

// archive is which log is read, and by which key.
type archive struct{ dir, key string }

func (a *archive) flags(command *cobra.Command) {
	command.Flags().StringVar(&a.dir, "log", "/var/lib/assay/log", "directory of the log")
	command.Flags().StringVar(&a.key, "key", "assay.pub", "file with the public key that the log is signed with (also --public-key)")
	command.Flags().SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "public-key" {
			name = "key"
		}
		return pflag.NormalizedName(name)
	})
}

// public reads the log's public key.
func (a *archive) public() (crypto.PublicKey, error) {
	text, err := os.ReadFile(a.key)
	if err != nil {
		return nil, fmt.Errorf("reading the log's public key: %w", err)
	}
	key, err := evidence.ParsePublicKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.key, err)
	}
	return key, nil
}

// read proves the log and answers with the wanted entries. Where the log does
// not hold together the error is an ErrBroken.
func (a *archive) read(ctx context.Context, wanted func(auditlog.Entry) bool) (auditlog.Checkpoint, []auditlog.Entry, error) {
	return a.compare(ctx, auditlog.Seen{}, wanted)
}

// compare is read for who has seen more of the log.
func (a *archive) compare(ctx context.Context, seen auditlog.Seen, wanted func(auditlog.Entry) bool) (auditlog.Checkpoint, []auditlog.Entry, error) {
	key, err := a.public()
	if err != nil {
		return auditlog.Checkpoint{}, nil, err
	}
	return auditlog.Compare(ctx, a.dir, key, seen, wanted)
}

// refuse tells that a log does not hold together. Other errors are passed on:
// then nobody knows.
func refuse(command *cobra.Command, err error) error {
	if !errors.Is(err, auditlog.ErrBroken) {
		return err
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(command.ErrOrStderr(), "assay: REFUSED: %s\n", report.Line(line))
	}
	return errDenied
}
