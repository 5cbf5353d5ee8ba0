package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/internal/oci"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/internal/trust"
)

func newVerify() *cobra.Command {
	var trustFile string
	command := &cobra.Command{
		Use:   "verify RELEASE",
		Short: "Verify the evidence of a release in its registry",
		Long: `Verify every envelope that a registry holds about a release, by the keys and identities
that assay.yaml trusts, and say what each one states. A release is written
<registry>/models/<model>@sha256:<digest>.

Exit codes: 0 all of it is believed, 1 some of it is not or there is none,
2 could not look.`,
		Example: "  assay verify registry.example.org/assay/models/breast-malignancy@sha256:0123... --trust assay.yaml",
		Args:    cobra.ExactArgs(1),
	}
	output := outputFlag(command)
	command.Flags().StringVar(&trustFile, "trust", "assay.yaml", "file with the trusted signers")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		_, opened, err := openEvidence(command.Context(), trustFile, arguments[0])
		if err != nil {
			return err
		}
		return tellOpened(command.OutOrStdout(), *output, opened)
	}
	return command
}

// openEvidence verifies what a registry holds about a release, by the keys and
// identities that a file trusts.
func openEvidence(ctx context.Context, trustFile, text string) (release evidence.Subject, opened evidence.Opened, err error) {
	registry, release, err := parseRelease(text)
	if err != nil {
		return release, opened, err
	}
	believed, err := believedBy(trustFile)
	if err != nil {
		return release, opened, err
	}
	place, err := oci.Open(registry)
	if err != nil {
		return release, opened, err
	}
	envelopes, err := place.List(ctx, release)
	if err != nil {
		return release, opened, err
	}
	return release, evidence.Open(ctx, believed.At(time.Now()), release, envelopes), nil
}

// believedBy reads whom a file trusts.
func believedBy(trustFile string) (evidence.Trust, error) {
	var platform v1alpha1.Platform
	content, err := os.ReadFile(trustFile)
	if err != nil {
		return nil, fmt.Errorf("reading whom to trust: %w", err)
	}
	if err := v1alpha1.Decode(filepath.Base(trustFile), content, &platform); err != nil {
		return nil, err
	}
	certificates, err := keyless.Of(os.DirFS(filepath.Dir(trustFile)), platform.Spec.Keyless)
	if err != nil {
		return nil, fmt.Errorf("%s: spec.keyless: %w", trustFile, err)
	}
	believed, err := trust.Of(platform.Spec.Signers, certificates)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", trustFile, err)
	}
	return believed, nil
}

// parseRelease takes <registry>/models/<model>@sha256:<digest> apart.
func parseRelease(text string) (registry string, release evidence.Subject, err error) {
	name, digest, _ := strings.Cut(text, "@")
	if release.Digest, err = evidence.ParseDigest(digest); err != nil {
		return "", release, fmt.Errorf("release %q: %w", text, err)
	}
	at := strings.LastIndex(name, "/models/")
	if at <= 0 {
		return "", release, fmt.Errorf("release %q: write <registry>/models/<model>@sha256:<digest>", text)
	}
	release.Name = name[at+len("/models/"):]
	return name[:at], release, nil
}

func tellOpened(w io.Writer, output string, opened evidence.Opened) error {
	if output == "json" {
		type told struct {
			Predicate string           `json:"predicate"`
			Subject   evidence.Subject `json:"subject"`
			Gate      string           `json:"gate,omitempty"`
			Measured  int              `json:"measurements,omitempty"`
		}
		all := []told{}
		for _, statement := range opened.Statements {
			one := told{Predicate: statement.PredicateType, Subject: statement.Subject}
			if statement.Measurements != nil {
				one.Gate, one.Measured = statement.Measurements.Gate, len(statement.Measurements.Measurements)
			}
			all = append(all, one)
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"statements": all, "problems": append([]string{}, opened.Problems...)}); err != nil {
			return err
		}
	} else {
		if len(opened.Statements)+len(opened.Problems) == 0 {
			fmt.Fprintln(w, "the registry holds no evidence about it")
		}
		for _, statement := range opened.Statements {
			fmt.Fprintf(w, "verified  %s\n", report.Line(describe(statement)))
		}
		for _, problem := range opened.Problems {
			fmt.Fprintf(w, "REFUSED   %s\n", report.Line(problem))
		}
	}
	if len(opened.Problems) > 0 || len(opened.Statements) == 0 {
		return errDenied
	}
	return nil
}

func describe(statement evidence.Statement) string {
	if measured := statement.Measurements; measured != nil {
		return fmt.Sprintf("%-12s %d measurements for %s, about %s", measured.Gate, len(measured.Measurements), measured.Environment, statement.Subject)
	}
	if glass := statement.Glass; glass != nil {
		return fmt.Sprintf("%-12s %s in %s until %s by %s, about %s", "break-glass", glass.Environment, glass.Namespace, glass.Expires, statement.By.Name, statement.Subject)
	}
	if waiver := statement.Waiver; waiver != nil {
		return fmt.Sprintf("%-12s %s for %s until %s by %s, about %s", "waiver", waiver.Rule, waiver.Environment, waiver.Expires, statement.By.Name, statement.Subject)
	}
	if statement.Components != nil {
		return fmt.Sprintf("%-12s CycloneDX %s, about %s", "sbom", evidence.Sum(statement.Components.Document), statement.Subject)
	}
	if statement.Provenance != nil {
		return fmt.Sprintf("%-12s trained by %s, about %s", "provenance", statement.Provenance.RunDetails.Builder.ID, statement.Subject)
	}
	return fmt.Sprintf("%s, about %s", statement.PredicateType, statement.Subject)
}
