package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/security"
)

func newSBOM() *cobra.Command {
	return &cobra.Command{
		Use:   "sbom IMAGE",
		Short: "Write what an image is made of: its bill of materials, as CycloneDX",
		Long: `Write what an image is made of: its bill of materials, as CycloneDX 1.6 JSON. IMAGE is
<registry>/<path>@sha256:<digest>. The same image gives the same bytes, wherever it is
kept. They are what a promotion signs and keeps with the release, and what the security
gate measures the digest of (sbom). That digest is printed as well: reviewed, it goes
into spec.software.components of models/<model>/governance.yaml.

The signed one is read with cosign:

  cosign verify-attestation --key reconciler.pub --type cyclonedx \
    <registry>/models/<model>@sha256:<digest>`,
		Example: "  assay sbom registry.example.org/serving/predictor@sha256:0123... > sbom.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			document, err := security.Gate{}.Components(command.Context(), arguments[0])
			if err != nil {
				return err
			}
			if _, err := command.OutOrStdout().Write(document); err != nil {
				return err
			}
			_, err = fmt.Fprintf(command.ErrOrStderr(), "the bill of materials is %s\n", evidence.Sum(document))
			return err
		},
	}
}
