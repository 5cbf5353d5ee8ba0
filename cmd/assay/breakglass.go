package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/signer"
)

// emergency is what the command is told.
type emergency struct {
	glass evidence.Glass
	until string
	key   string
}

func newBreakGlass() *cobra.Command {
	var told emergency
	command := &cobra.Command{
		Use:   "breakglass NAME@DIGEST",
		Short: "Sign that a release may run for some hours although rules deny it",
		Long: `Sign a break-glass, and print the object that a cluster keeps. It is bound to one
release by digest, to one environment and to one namespace, and it ends. It counts
while the cluster's Admission file trusts your key for
` + evidence.GlassType + `
and gives you a role that may (policies/thresholds/data.yaml, break_glass), and for no
longer than agreed there. It lets in what has no evidence, or evidence that does not
pass; never what is under quarantine, not named by digest, or not mounted as a volume.
Everything that comes in by it is in the log.`,
		Example: `  assay breakglass breast-malignancy@sha256:0123... --environment production --namespace models-production \
    --reason "the registry is down, and patients wait" --ticket INC-7 --until 4h --key my.key | kubectl apply -f -`,
		Args: cobra.ExactArgs(1),
	}
	flags := command.Flags()
	flags.StringVar(&told.glass.Environment, "environment", "", "environment of the namespace")
	flags.StringVar(&told.glass.Namespace, "namespace", "", "namespace in which it may run")
	flags.StringVar(&told.glass.Reason, "reason", "", "why nobody can wait for the rules")
	flags.StringVar(&told.glass.Ticket, "ticket", "", "where the emergency is followed up")
	flags.StringVar(&told.until, "until", "", "when it ends: a time such as 2027-01-31T18:00:00Z, or hours from now such as 4h")
	flags.StringVar(&told.key, "key", "", "what signs: "+signer.References)
	for _, name := range []string{"environment", "namespace", "reason", "ticket", "until", "key"} {
		cobra.CheckErr(command.MarkFlagRequired(name))
	}
	command.RunE = func(command *cobra.Command, arguments []string) error {
		object, err := told.sign(command.Context(), arguments[0], time.Now())
		if err != nil {
			return err
		}
		return printObject(command.OutOrStdout(), object)
	}
	return command
}

func (e emergency) sign(ctx context.Context, subject string, now time.Time) (kube.BreakGlass, error) {
	named, err := subjectNamed(subject)
	if err != nil {
		return kube.BreakGlass{}, err
	}
	now = now.UTC().Truncate(time.Second)
	expires, err := untilWhen(e.until, now)
	if err != nil {
		return kube.BreakGlass{}, err
	}
	e.glass.Issued, e.glass.Expires = now.Format(time.RFC3339), expires.Format(time.RFC3339)
	signer, err := signer.Open(ctx, e.key)
	if err != nil {
		return kube.BreakGlass{}, err
	}
	envelope, err := signer.Sign(ctx, evidence.Broken(named, e.glass))
	if err != nil {
		return kube.BreakGlass{}, err
	}
	return kube.BreakGlass{
		TypeMeta:   metav1.TypeMeta{APIVersion: kube.GroupVersion.String(), Kind: "BreakGlass"},
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%s-%s", named.Name, e.glass.Environment, envelope.Digest().Hex()[:12])},
		Spec: kube.BreakGlassSpec{
			Model: named.Name, Digest: string(named.Digest), Environment: e.glass.Environment, Namespace: e.glass.Namespace,
			Envelope: string(envelope),
		},
	}, nil
}

// untilWhen reads an instant after now: written whole, or as hours from now.
func untilWhen(text string, now time.Time) (time.Time, error) {
	instant, err := time.Parse(time.RFC3339, text)
	if lasting, wrong := time.ParseDuration(text); err != nil && wrong == nil {
		instant, err = now.Add(lasting), nil
	}
	instant = instant.UTC().Truncate(time.Second)
	if err != nil || !instant.After(now) {
		return time.Time{}, fmt.Errorf("--until %.40q is neither a time to come, such as %s, nor hours from now, such as 4h", text, now.Add(4*time.Hour).Format(time.RFC3339))
	}
	return instant, nil
}
