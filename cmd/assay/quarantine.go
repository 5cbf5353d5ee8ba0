package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
	kubeyaml "sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/render"
)

func newQuarantine() *cobra.Command {
	var spec v1alpha1.QuarantineSpec
	var out string
	command := &cobra.Command{
		Use:   "quarantine NAME@DIGEST",
		Short: "Order that a release, or an image that serves one, may not run",
		Long: `Order that a digest may not run, and write the order where the promotion repository
keeps them. Commit the file in a pull request. From then on nothing under the digest
is promoted, and every cluster of the environments refuses new pods of it; those that
run go on until they are stopped. Removing the file lifts the quarantine.

In a hurry, -o yaml prints the object that a cluster keeps: kubectl apply -f - makes it
count in that cluster within seconds, until somebody deletes it there.`,
		Example: `  assay quarantine breast-malignancy@sha256:0123... --reason "wrong for patients under 18" --by ruiz@example.org
  assay quarantine breast-malignancy@sha256:0123... --reason "recalled" -o yaml | kubectl apply -f -`,
		Args: cobra.ExactArgs(1),
	}
	flags := command.Flags()
	flags.StringVar(&spec.Reason, "reason", "", "why it must not run; people are told")
	flags.StringSliceVar(&spec.Environments, "environment", nil, "environment in which it must not run (default all); may be repeated")
	flags.StringVar(&spec.By, "by", "", "who orders it (default: whoever commits the file)")
	flags.StringVar(&out, "out", "", "file to write (default quarantines/<name>-<digest>.yaml)")
	cobra.CheckErr(command.MarkFlagRequired("reason"))
	output := formsFlag(command, "file", "yaml")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		order, file, err := quarantineOf(arguments[0], spec)
		if err != nil {
			return err
		}
		if *output == "yaml" {
			return printObject(command.OutOrStdout(), render.Quarantine(order))
		}
		if out == "" {
			out = filepath.Join("quarantines", order.Metadata.Name+".yaml")
		}
		if err := writeOrder(out, file); err != nil {
			return err
		}
		_, err = fmt.Fprintf(command.OutOrStdout(), "assay: wrote %s: %s may not run\n"+mergeHint, out, arguments[0])
		return err
	}
	return command
}

const mergeHint = "assay: hint: it counts when it is merged; -o yaml is for a hurry\n"

// writeOrder writes the file of an order, in a folder that may be new.
func writeOrder(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return writeNew(file, content, 0o644)
}

// quarantineOf is the order, and the file that holds it: what a repository would
// refuse is refused here.
func quarantineOf(subject string, spec v1alpha1.QuarantineSpec) (order v1alpha1.Quarantine, file []byte, err error) {
	named, err := subjectNamed(subject)
	if err != nil {
		return order, nil, err
	}
	spec.Digest = string(named.Digest)
	order = v1alpha1.Quarantine{
		Header: v1alpha1.Header{APIVersion: v1alpha1.APIVersion, Kind: "Quarantine", Metadata: v1alpha1.Metadata{Name: named.Name + "-" + named.Digest.Hex()[:12]}},
		Spec:   spec,
	}
	if file, err = yaml.Marshal(order); err != nil {
		return order, nil, err
	}
	return order, file, v1alpha1.Decode("the quarantine", file, &v1alpha1.Quarantine{})
}

// subjectNamed reads what people write of a release: <model>@sha256:<digest>.
func subjectNamed(text string) (evidence.Subject, error) {
	name, digest, _ := strings.Cut(text, "@")
	parsed, err := evidence.ParseDigest(digest)
	if err != nil || name == "" {
		return evidence.Subject{}, fmt.Errorf("%.200q is not <name>@sha256:<digest>", text)
	}
	return evidence.Subject{Name: name, Digest: parsed}, nil
}

// printObject writes an object for kubectl apply.
func printObject(w io.Writer, object any) error {
	text, err := kubeyaml.Marshal(object)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
