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
	var against earlier
	var proof string
	command := &cobra.Command{
		Use:   "verify",
		Short: "Prove that the log is what was signed, and that it only grew",
		Long: `Prove that the log is what was signed: the checkpoint's signature, and that every
entry is included in it, by computing the root anew. With a checkpoint that was
seen earlier, or with the branches that were delivered to, prove as well that the
log only grew since. Only that finds a log that was rolled back, or removed and
begun anew, by whoever holds the key: keep checkpoints where the log's owner
cannot write. Every delivery keeps one in its commit (Assay-Log), and a branch
that was cloned elsewhere cannot be rewritten unseen.

With --proof a proof of one entry is verified alone, without the log.

Exit codes: 0 proven, 1 the log does not hold together, 2 could not look.`,
		Example: "  assay log verify --log /var/lib/assay/log --key assay.pub --remember seen.checkpoint\n" +
			"  assay log verify --log /var/lib/assay/log --key assay.pub --witness https://git.example.org/promotions.git#env/production\n" +
			"  assay log verify --proof entry-12.tlog-proof --key assay.pub",
		Args: cobra.NoArgs,
	}
	output := outputFlag(command)
	from.flags(command)
	against.flags(command)
	command.Flags().StringVar(&proof, "proof", "", "file with a proof of one entry, as assay log prove writes it; the log itself is not read")
	for _, other := range []string{"since", "remember", "witness"} {
		command.MarkFlagsMutuallyExclusive("proof", other)
	}
	command.RunE = func(command *cobra.Command, _ []string) error {
		if proof == "" {
			return verifyLog(command, from, against, *output)
		}
		proven, err := from.openProof(proof)
		if err != nil {
			return refuse(command, err)
		}
		if *output == "json" {
			return jsonLine(command.OutOrStdout(), proven.Entry)
		}
		fmt.Fprintf(command.OutOrStdout(), "verified  entry %d is in %s, %s\n", proven.Index, proven.Checkpoint.Origin, proven.Checkpoint)
		return show(command.OutOrStdout(), proven.Entry)
	}
	return command
}

// earlier is what was kept of the log, and where.
type earlier struct {
	since, remember string
	witnesses       []string
}

func (e *earlier) flags(command *cobra.Command) {
	command.Flags().StringVar(&e.since, "since", "", "file with a checkpoint that was seen earlier")
	command.Flags().StringVar(&e.remember, "remember", "", "like --since, for a file that may not be there yet; the new checkpoint is written into it")
	command.Flags().StringArrayVar(&e.witnesses, "witness", nil, "<repository>#<branch>: compare with every checkpoint that its deliveries kept; may be repeated")
	command.MarkFlagsMutuallyExclusive("since", "remember")
}

func verifyLog(command *cobra.Command, from archive, against earlier, output string) error {
	text, err := seenEarlier(against.since, against.remember)
	if err != nil {
		return err
	}
	heads, err := witnesses(command.Context(), against.witnesses)
	if err != nil {
		return err
	}
	now, _, err := from.compare(command.Context(), auditlog.Seen{Checkpoint: text, Heads: heads}, nil)
	if err != nil {
		return refuse(command, err)
	}
	if against.remember != "" {
		if err := replaceFile(against.remember, now.Text); err != nil {
			return fmt.Errorf("remembering the checkpoint: %w", err)
		}
	}
	return tellProven(command.OutOrStdout(), output, now, text != nil, heads)
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

func tellProven(w io.Writer, output string, now auditlog.Checkpoint, compared bool, heads []auditlog.Checkpoint) error {
	own := 0
	for _, head := range heads {
		if head.Origin == now.Origin {
			own++
		}
	}
	if output == "json" {
		return json.NewEncoder(w).Encode(map[string]any{
			"origin": now.Origin, "size": now.Size, "root": base64.StdEncoding.EncodeToString(now.Root), "checkpoint": string(now.Text),
			"compared": compared, "witnessed": own, "of_other_logs": len(heads) - own,
		})
	}
	fmt.Fprintf(w, "verified  %s\nlog       %s\n", now, now.Origin)
	if compared {
		fmt.Fprintln(w, "verified  it only grew since it was seen")
	}
	if own > 0 {
		fmt.Fprintf(w, "verified  it is the log of %d deliveries\n", own)
	}
	if others := len(heads) - own; others > 0 {
		fmt.Fprintf(w, "note      %d deliveries witness other logs: verify those, too\n", others)
	}
	if !compared && own == 0 {
		fmt.Fprintln(w, "note      compared with no earlier checkpoint: --remember a file, or --witness a branch, to find out whether it was rolled back")
	}
	return nil
}
