package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/catalog"
)

func newInit() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIRECTORY]",
		Short: "Write a complete promotion repository, with three real cancer models",
		Long: `Write a complete promotion repository, with three real cancer models and their
data, into a new or empty directory. Put your registry and the public keys that
you trust into assay.yaml, commit, and push.`,
		Example: "  assay init promotions\n  cd promotions && git init && git add . && git commit -m 'a promotion repository'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			dir := "."
			if len(arguments) == 1 {
				dir = arguments[0]
			}
			if err := writeCatalog(dir); err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "assay: wrote a promotion repository to %s\nassay: hint: read %s next\n", dir, filepath.Join(dir, "README.md"))
			return nil
		},
	}
}

// writeCatalog copies the catalog into a directory that holds nothing but,
// perhaps, an empty git repository.
func writeCatalog(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != ".git" {
			return fmt.Errorf("%s is not empty: it holds %s\nhint: give a new directory", dir, entry.Name())
		}
	}
	return copyFiles(catalog.FS, dir)
}
