package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"sigs.k8s.io/controller-runtime/pkg/client/config"

	"github.com/mlops-clinical-trials/assay/webhook"
)

const usage = `assay-webhook admits a workload only when the evidence of every model it mounts passes

usage: assay-webhook --config FILE (--cert-dir FOLDER | --self-signed) [flags]

example, against the cluster of a kubeconfig, after "kubectl apply -k manifests/system":

  cat >admission.yaml <<END
  apiVersion: assay.dev/v1alpha1
  kind: Admission
  metadata: {name: local}
  spec:
    modelRepositories: [registry.example.org/models]
    environments: [{name: development, profile: development}]
    signers:
    - name: measurer
      predicates: ["https://assay.dev/predicate/measurements/v1alpha1", "https://slsa.dev/provenance/v1"]
      publicKey: |
  $(sed 's/^/      /' measurer.pub)
  END
  assay-webhook --config admission.yaml --self-signed --kubeconfig ~/.kube/config

exit codes: 0 stopped when asked, 1 could not serve, 2 wrong flags

flags:
`

// parse reads the command line; extra is a folder with the organisation's own
// policies.
func parse(arguments []string, help io.Writer) (options webhook.Options, extra string, err error) {
	flags := flag.NewFlagSet("assay-webhook", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	config.RegisterFlags(flags)
	flags.StringVar(&options.Configuration, "config", "", "file with an Admission: model repositories, environments, trusted signers")
	flags.StringVar(&options.CertificateFolder, "cert-dir", "", "folder with tls.crt and tls.key; read again when they change")
	flags.BoolVar(&options.SelfSigned, "self-signed", false, "make a certificate, share it as a Secret and write its caBundle into the webhook configuration")
	flags.StringVar(&options.Webhooks, "webhook-configuration", "assay-admission", "name of the ValidatingWebhookConfiguration")
	flags.StringVar(&options.Namespace, "namespace", "assay-system", "namespace of the Service and of the shared certificate")
	flags.StringVar(&options.Host, "bind", "", "address to answer reviews on; empty for all")
	flags.IntVar(&options.Port, "port", 9443, "port to answer reviews on")
	flags.StringVar(&options.HealthAddress, "health-address", ":8081", "address of /healthz and /readyz; 0 for none")
	flags.StringVar(&options.MetricsAddress, "metrics-address", ":8080", "address of /metrics; 0 for none")
	flags.StringVar(&extra, "policies", "", "folder with more rules and tighter thresholds")
	if err = flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(help, usage)
		flags.SetOutput(help)
		flags.PrintDefaults()
	}
	if err != nil {
		return options, extra, err
	}
	return options, extra, check(flags, options)
}

func check(flags *flag.FlagSet, options webhook.Options) error {
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("%q is not a flag", flags.Arg(0))
	case options.Configuration == "":
		return errors.New("--config is missing")
	case options.SelfSigned == (options.CertificateFolder != ""):
		return errors.New("give one of --cert-dir and --self-signed")
	case options.Port < 1 || options.Port > 65535:
		return fmt.Errorf("--port %d is not a port", options.Port)
	}
	return nil
}
