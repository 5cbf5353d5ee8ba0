package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
)

func newLogProve() *cobra.Command {
	var from archive
	var digest, out string
	var index uint64
	command := &cobra.Command{
		Use:   "prove",
		Short: "Write a proof of one entry that needs no log",
		Long: `Write a proof of one entry that needs no log: the record itself, its place, the
hashes from it to the root, and the signed checkpoint (https://c2sp.org/tlog-proof;
the record is the extra data, and what is proven is its hash). Whoever has it and
the public key can verify it offline, with assay log verify --proof, without
seeing any other entry. The whole log is proven first.

Exit codes: 0 written, 1 the log does not hold together, 2 could not look.`,
		Example: "  assay log prove --log /var/lib/assay/log --key assay.pub --entry 12 --out entry-12.tlog-proof\n" +
			"  assay log prove --log /var/lib/assay/log --key assay.pub --digest sha256:0123...",
		Args: cobra.NoArgs,
	}
	from.flags(command)
	command.Flags().Uint64Var(&index, "entry", 0, "index of the entry; they count from 0")
	command.Flags().StringVar(&digest, "digest", "", "instead: the digest of a release, an envelope or a waiver that one entry is about")
	command.Flags().StringVar(&out, "out", "", "file to write, which must not be there (default: standard output)")
	command.MarkFlagsOneRequired("entry", "digest")
	command.MarkFlagsMutuallyExclusive("entry", "digest")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if digest != "" {
			var err error
			if index, err = from.find(command.Context(), digest); err != nil {
				return refuse(command, err)
			}
		}
		text, err := from.prove(command.Context(), index)
		if err != nil {
			return refuse(command, err)
		}
		if out != "" {
			return writeNew(out, text, 0o644)
		}
		_, err = command.OutOrStdout().Write(text)
		return err
	}
	return command
}

func (a *archive) prove(ctx context.Context, index uint64) ([]byte, error) {
	key, err := a.public()
	if err != nil {
		return nil, err
	}
	proven, err := auditlog.Prove(ctx, a.dir, key, index)
	if err != nil {
		return nil, err
	}
	return proven.Encode()
}

// find is the index of the one entry that is about a digest.
func (a *archive) find(ctx context.Context, text string) (uint64, error) {
	digest, err := evidence.ParseDigest(text)
	if err != nil {
		return 0, fmt.Errorf("--digest: %w", err)
	}
	_, entries, err := a.read(ctx, func(entry auditlog.Entry) bool { return entry.Record.Names(digest) })
	switch {
	case err != nil:
		return 0, err
	case len(entries) == 0:
		return 0, fmt.Errorf("no entry is about %s", digest)
	case len(entries) > 1:
		return 0, fmt.Errorf("%d entries are about %s, the first is %d and the last %d\nhint: assay log export, and --entry",
			len(entries), digest, entries[0].Index, entries[len(entries)-1].Index)
	}
	return entries[0].Index, nil
}

const maxProofFile = 1 << 20

// openProof verifies a proof with nothing but the public key.
func (a *archive) openProof(name string) (auditlog.Proof, error) {
	key, err := a.public()
	if err != nil {
		return auditlog.Proof{}, err
	}
	file, err := os.Open(name)
	if err != nil {
		return auditlog.Proof{}, fmt.Errorf("reading the proof: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxProofFile))
	if err := errors.Join(err, file.Close()); err != nil {
		return auditlog.Proof{}, fmt.Errorf("reading the proof: %w", err)
	}
	return auditlog.OpenProof(text, key)
}
