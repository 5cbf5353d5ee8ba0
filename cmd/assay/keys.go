package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func newKeys() *cobra.Command {
	keys := &cobra.Command{
		Use:     "keys",
		Short:   "Make and show the keys that sign evidence",
		Example: "  assay keys generate --out keys",
	}
	keys.AddCommand(newKeysGenerate(), newKeysGit())
	return keys
}

func newKeysGenerate() *cobra.Command {
	var out string
	command := &cobra.Command{
		Use:   "generate",
		Short: "Make an Ed25519 key pair: assay.key (keep it secret) and assay.pub",
		Long: `Make an Ed25519 key pair: assay.key, which signs evidence and is kept secret,
and assay.pub, which goes into spec.signers of assay.yaml. Existing files are
never overwritten.`,
		Example: "  assay keys generate --out keys",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			private, public, err := evidence.GenerateKey()
			if err != nil {
				return err
			}
			if err := os.MkdirAll(out, 0o700); err != nil {
				return err
			}
			secret, open := filepath.Join(out, "assay.key"), filepath.Join(out, "assay.pub")
			if err := writeNew(secret, private, 0o600); err != nil {
				return err
			}
			if err := writeNew(open, public, 0o644); err != nil {
				return errors.Join(err, os.Remove(secret)) // half a pair is none
			}
			fmt.Fprintf(command.OutOrStdout(), "assay: wrote %s and %s\n", secret, open)
			return nil
		},
	}
	command.Flags().StringVar(&out, "out", ".", "directory to write the keys into")
	return command
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, content []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already\nhint: choose another directory, or move it away", path)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
