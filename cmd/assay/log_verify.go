package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/auditlog"
)

func newLogVerify() *cobra.Command {
	var from archive
	var since, remember string
	command := &cobra.Command{
		Use:   "verify",
		Short: "Prove that the log is what was signed, and that it only grew",
		Long: `Prove that the log is what was signed: the checkpoint's signature, and that every
entry is included in it, by computing the root anew. With a checkpoint that was
seen earlier, prove as well that the log only grew since. Only that finds a log
that was rolled back, or begun anew by whoever holds the key: keep checkpoints
where the log's owner cannot write.

Exit codes: 0 proven, 1 the log does not hold together, 2 could not look.`,
		Example: "  assay log verify --log /var/lib/assay/log --key assay.pub --remember seen.checkpoint",
		Args:    cobra.NoArgs,
	}
	output := outputFlag(command)
	from.flags(command)
	command.Flags().StringVar(&since, "since", "", "file with a checkpoint that was seen earlier")
	command.Flags().StringVar(&remember, "remember", "", "like --since, for a file that may not be there yet; the new checkpoint is written into it")
	command.MarkFlagsMutuallyExclusive("since", "remember")
	command.RunE = func(command *cobra.Command, _ []string) error {
		seen, err := seenEarlier(since, remember)
		if err != nil {
			return err
		}
		now, _, err := from.read(command.Context(), seen, nil)
		if err != nil {
			return refuse(command, err)
		}
		if remember != "" {
			if err := replaceFile(remember, now.Text); err != nil {
				return fmt.Errorf("remembering the checkpoint: %w", err)
			}
		}
		return tellProven(command.OutOrStdout(), *output, now, seen != nil)
	}
	return command
}

// seenEarlier reads the older checkpoint; nil when there is none to compare
// with.
func seenEarlier(since, remember string) ([]byte, error) {
	name := since + remember // one of them at most
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if remember != "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the checkpoint that was seen earlier: %w", err)
	}
	return text, nil
}

// replaceFile leaves the old content or the new, and never half of it.
func replaceFile(name string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".checkpoint-")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(content)
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}

func tellProven(w io.Writer, output string, now auditlog.Checkpoint, compared bool) error {
	if output == "json" {
		return json.NewEncoder(w).Encode(map[string]any{
			"size": now.Size, "root": base64.StdEncoding.EncodeToString(now.Root), "checkpoint": string(now.Text), "compared": compared,
		})
	}
	fmt.Fprintf(w, "verified  %s\n", now)
	if compared {
		_, err := fmt.Fprintln(w, "verified  it only grew since it was seen")
		return err
	}
	_, err := fmt.Fprintln(w, "note      compared with no earlier checkpoint: --remember a file to find out next time whether it was rolled back")
	return err
}
