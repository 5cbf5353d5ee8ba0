package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
)

func newKeysGit() *cobra.Command {
	return &cobra.Command{
		Use:   "git FILE",
		Short: "Print a public key as git's list of allowed signers wants it",
		Long: `Print a public key (assay.pub) as a line of git's list of allowed signers. What
the reconciler commits is signed with the same key as its evidence, and git
verify-commit accepts it where this line is listed.`,
		Example: `  assay keys git keys/assay.pub >> allowed_signers
  git config gpg.ssh.allowedSignersFile allowed_signers
  git verify-commit origin/env/production`,
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			text, err := os.ReadFile(arguments[0])
			if err != nil {
				return fmt.Errorf("reading the public key: %w", err)
			}
			public, err := evidence.ParsePublicKey(text)
			if err != nil {
				return fmt.Errorf("%s: %w", arguments[0], err)
			}
			key, err := ssh.NewPublicKey(public)
			if err != nil {
				return fmt.Errorf("%s: %w", arguments[0], err)
			}
			_, err = fmt.Fprint(command.OutOrStdout(), assembly.AllowedSigner(key))
			return err
		},
	}
}
