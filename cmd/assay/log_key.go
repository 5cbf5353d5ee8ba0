package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
)

func newLogKey() *cobra.Command {
	return &cobra.Command{
		Use:   "key FILE",
		Short: "Print the public key of a log as one line, for assay.yaml",
		Long: `Print the public key of a log as one line: what others verify its checkpoints
with (https://c2sp.org/signed-note), and what spec.controls.auditLog.publicKey of
assay.yaml names. The file holds the public half of the reconciler's --log-key,
or of its --key where it has no other.`,
		Example: "  assay log key keys/assay.pub",
		Args:    cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			text, err := os.ReadFile(arguments[0])
			if err != nil {
				return fmt.Errorf("reading the log's public key: %w", err)
			}
			key, err := evidence.ParsePublicKey(text)
			if err != nil {
				return fmt.Errorf("%s: %w", arguments[0], err)
			}
			line, err := auditlog.VerifierKey(key)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(command.OutOrStdout(), line)
			return err
		},
	}
}
