package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

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

with a transparency log of every answer, which "assay log verify" proves:

  assay keys generate --out keys
  assay-webhook --config admission.yaml --self-signed --kubeconfig ~/.kube/config \
    --log log --log-key keys/assay.key --log-name cluster-1/door
  assay log verify --log log --key keys/assay.pub

with rules of your own, which are read again when they change; the Admission file
names their digest (policy: sha256:...) so that no other rules ever answer:

  assay-webhook --policies policies --print-policy
  assay-webhook --config admission.yaml --self-signed --kubeconfig ~/.kube/config --policies policies

with --audit it answers nothing, and tells what the door would say now of everything
that runs; "assay calendar" shows until when:

  assay-webhook --config admission.yaml --audit --kubeconfig ~/.kube/config

exit codes: 0 stopped when asked, 1 could not serve, 2 wrong flags

flags:
`

// extras are the flags that this command acts on itself.
type extras struct {
	policies string // a folder with the organisation's own rules
	print    bool   // the digest of the policy, and nothing else
	journal  journal
	audit    bool // look again at what runs, and answer no review
	fallback bool // evidence that no Release object holds is looked for in registries
}

// parse reads the command line.
func parse(arguments []string, help io.Writer) (options webhook.Options, more extras, err error) {
	flags := flag.NewFlagSet("assay-webhook", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	config.RegisterFlags(flags)
	flags.StringVar(&options.Configuration, "config", "", "file with an Admission: model repositories, environments, trusted signers, and a trusted root for those without a key")
	flags.StringVar(&options.CertificateFolder, "cert-dir", "", "folder with tls.crt and tls.key; read again when they change")
	flags.BoolVar(&options.SelfSigned, "self-signed", false, "make a certificate, share it as a Secret and write its caBundle into the webhook configuration")
	flags.StringVar(&options.Webhooks, "webhook-configuration", "assay-admission", "name of the ValidatingWebhookConfiguration")
	flags.StringVar(&options.Namespace, "namespace", "assay-system", "namespace of the Service and of the shared certificate")
	flags.StringVar(&options.Host, "bind", "", "address to answer reviews on; empty for all")
	flags.IntVar(&options.Port, "port", 9443, "port to answer reviews on")
	flags.StringVar(&options.HealthAddress, "health-address", ":8081", "address of /healthz and /readyz; 0 for none")
	flags.StringVar(&options.MetricsAddress, "metrics-address", ":8080", "address of /metrics; 0 for none")
	flags.StringVar(&options.Store, "store", "", "folder in which releases and namespaces outlive a restart; empty for none")
	flags.DurationVar(&options.Drain, "drain", 10*time.Second, "how long to answer after the wish to end, not ready, until every API server asks another replica")
	flags.StringVar(&more.policies, "policies", "", "folder with more rules and tighter thresholds; read again when it changes, and the last good ones stay when something is wrong with it")
	flags.BoolVar(&more.print, "print-policy", false, "print the digest of the rules and thresholds, for the field policy of the Admission file, and end")
	flags.StringVar(&more.journal.dir, "log", "", "directory of a transparency log of every decision, of this replica alone; empty for none")
	flags.StringVar(&more.journal.key, "log-key", "", "file with the Ed25519 private key (PEM) that signs the log; replicas may share it")
	flags.StringVar(&more.journal.name, "log-name", "", "name of the log among those of the key, such as cluster-1/pod (default: the host's name)")
	flags.BoolVar(&more.fallback, "registry-fallback", false, "look for evidence in the model repositories when no Release object holds it (only in a webhook built with -tags registry)")
	flags.BoolVar(&more.audit, "audit", false, "answer no review, and judge again what already runs: status of releases, policy reports, metrics, and the list for the floor")
	if err = flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(help, usage)
		flags.SetOutput(help)
		flags.PrintDefaults()
	}
	if err != nil {
		return options, more, err
	}
	if more.fallback && openRegistry != nil {
		options.Fallback = openRegistry()
	}
	return options, more, check(flags, options, more)
}

func check(flags *flag.FlagSet, options webhook.Options, more extras) error {
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("%q is not a flag", flags.Arg(0))
	case more.print:
		return nil
	case options.Configuration == "":
		return errors.New("--config is missing")
	case more.audit && (options.SelfSigned || options.CertificateFolder != "" || options.Store != "" || more.journal.dir != ""):
		return errors.New("--audit answers no review, and takes no --self-signed, --cert-dir, --store or --log")
	case !more.audit && options.SelfSigned == (options.CertificateFolder != ""):
		return errors.New("give one of --cert-dir and --self-signed")
	case (more.journal.dir == "") != (more.journal.key == ""):
		return errors.New("give both of --log and --log-key, or neither\nhint: assay keys generate makes a key")
	case more.fallback && options.Fallback == nil:
		return errors.New("--registry-fallback: this webhook is built without a client of registries\nhint: go build -tags registry ./cmd/webhook")
	case options.Drain < 0 || options.Drain > time.Minute:
		return fmt.Errorf("--drain %v is not between 0 and a minute", options.Drain)
	case options.Port < 1 || options.Port > 65535:
		return fmt.Errorf("--port %d is not a port", options.Port)
	}
	return nil
}
