package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newLog() *cobra.Command {
	command := &cobra.Command{
		Use:   "log",
		Short: "Prove, show and report what was decided",
		Long: `Prove, show and report what was decided. The reconciler appends every verdict,
allowed or denied, to a transparency log before anything is delivered. Each of
these commands first proves the whole log with the public key, so none of them
tells what was not signed. They take no lock, and work on a copy as well.

Exit codes: 0 the log holds together, 1 it does not, 2 could not look.`,
		Example: "  assay log verify --log /var/lib/assay/log --key assay.pub\n" +
			"  assay log export --log /var/lib/assay/log --key assay.pub --from 2026-01-01 --to 2026-04-01 -o markdown",
	}
	command.AddCommand(newLogVerify(), newLogShow(), newLogExport())
	return command
}

// archive is which log is read, and by which key.
type archive struct{ dir, key string }

func (a *archive) flags(command *cobra.Command) {
	command.Flags().StringVar(&a.dir, "log", "/var/lib/assay/log", "directory of the log")
	command.Flags().StringVar(&a.key, "key", "assay.pub", "file with the public key that the log is signed with")
}

// read proves the log and answers with the wanted entries. Where the log does
// not hold together the error is an ErrBroken.
func (a *archive) read(ctx context.Context, since []byte, wanted func(auditlog.Entry) bool) (auditlog.Checkpoint, []auditlog.Entry, error) {
	text, err := os.ReadFile(a.key)
	if err != nil {
		return auditlog.Checkpoint{}, nil, fmt.Errorf("reading the log's public key: %w", err)
	}
	key, err := evidence.ParsePublicKey(text)
	if err != nil {
		return auditlog.Checkpoint{}, nil, fmt.Errorf("%s: %w", a.key, err)
	}
	return auditlog.Read(ctx, a.dir, key, since, wanted)
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
