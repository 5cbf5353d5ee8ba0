package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/sarif"
	"github.com/mlops-clinical-trials/assay/internal/signer"
)

// scanned is what the command is told.
type scanned struct {
	file, commit, key string
}

func newScan() *cobra.Command {
	var asked scanned
	command := &cobra.Command{
		Use:   "scan FILE",
		Short: "Sign what another scanner found: SARIF, or the lines of TruffleHog",
		Long: `Sign what another scanner found in the promotion repository: counts by level, rules
and places, and no text. Commit what is printed below scans/. It counts while
assay.yaml trusts your key for
` + evidence.ScanType + `
and as long as what was scanned is what a promotion is made of. Which scanners must
have run is said in policies/thresholds/data.yaml (security, scanners_required).

FILE is SARIF 2.1.0, as Semgrep, Snyk, gitleaks and exporters of SonarQube write it, or
all that TruffleHog prints:

  semgrep scan --sarif --output semgrep.sarif
  gitleaks git --report-format sarif --report-path gitleaks.sarif
  snyk code test --sarif-file-output=snyk.sarif
  trufflehog git file://. --json > trufflehog.jsonl 2>&1

The commit is the one that the file names, and otherwise --commit. A file that does
not say when the scan ended was written when it did.`,
		Example: "  assay scan semgrep.sarif --commit $(git rev-parse HEAD) --key ci.key > scans/semgrep.json",
		Args:    cobra.ExactArgs(1),
	}
	flags := command.Flags()
	flags.StringVar(&asked.commit, "commit", "", "the commit that was scanned, whole")
	flags.StringVar(&asked.key, "key", "", "your private key: a file in PEM, or awskms://, azurekms://, gcpkms://, hashivault://")
	cobra.CheckErr(command.MarkFlagRequired("key"))
	command.RunE = func(command *cobra.Command, arguments []string) error {
		asked.file = arguments[0]
		scan, envelope, err := asked.sign(command.Context())
		if err != nil {
			return err
		}
		if _, err := command.OutOrStdout().Write(append(envelope, '\n')); err != nil {
			return err
		}
		return asked.tell(command.ErrOrStderr(), scan)
	}
	return command
}

func (s scanned) sign(ctx context.Context) (evidence.Scan, evidence.Envelope, error) {
	file, err := os.Open(s.file)
	if err != nil {
		return evidence.Scan{}, nil, err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return evidence.Scan{}, nil, err
	}
	var content bytes.Buffer
	report, err := sarif.Read(io.TeeReader(file, &content))
	if err != nil {
		return evidence.Scan{}, nil, fmt.Errorf("reading %s: %w", s.file, err)
	}
	scan, err := report.At(s.commit, about.ModTime())
	if err != nil {
		return evidence.Scan{}, nil, fmt.Errorf("reading %s: %w", s.file, err)
	}
	key, err := signer.Open(ctx, s.key)
	if err != nil {
		return evidence.Scan{}, nil, err
	}
	subject := evidence.Subject{Name: filepath.Base(s.file), Digest: evidence.Sum(content.Bytes())}
	envelope, err := key.Sign(ctx, evidence.Scanned(subject, scan))
	return scan, envelope, err
}

func (s scanned) tell(to io.Writer, scan evidence.Scan) error {
	_, err := fmt.Fprintf(to, "assay: %s %s at %s: %d errors, %d warnings, %d notes, %d accepted\n",
		scan.Tool, scan.Version, scan.Commit, scan.Errors, scan.Warnings, scan.Notes, scan.Suppressed)
	return err
}
