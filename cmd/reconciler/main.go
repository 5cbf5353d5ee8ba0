// Command assay-reconciler watches Repository objects in a cluster and makes
// the merged commit of each promotion repository true.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/lifecycle"
	"github.com/mlops-clinical-trials/assay/internal/signer"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/controller"
)

const usage = `assay-reconciler makes what is merged in a promotion repository true.

It watches Repository objects, trains and measures each model, signs and packs
the evidence, asks the judge, and writes the manifests of what is allowed to
the branches env/<environment>, from where Argo CD syncs them.

Example:
  assay keys generate --out keys
  assay-reconciler --kubeconfig ~/.kube/config --key keys/assay.key --state /var/lib/assay

or, in the name of a token instead of a key (docs/design/0009-keyless.md):
  assay-reconciler --kubeconfig ~/.kube/config --log-key keys/assay.key --state /var/lib/assay \
    --key 'keyless:?fulcio=https://fulcio.example.org&rekor=https://rekor.example.org&root=trusted_root.json&token=token.jwt'

Flags:
`

type options struct {
	key, logKey        string
	state, ledger, log string
	metrics, health    string
	namespace          string
	leaderElection     bool
	commands           bool
}

func main() { os.Exit(interruptible()) }

func interruptible() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// Exit codes.
const (
	stopped = 0
	broken  = 1
	misused = 2
)

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	chosen, err := parse(arguments, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return stopped
	case err != nil:
		fmt.Fprintf(stderr, "assay-reconciler: %v\nassay-reconciler: hint: assay-reconciler --help\n", err)
		return misused
	}
	logger := logr.FromSlogHandler(slog.NewJSONHandler(stderr, nil))
	log.SetLogger(logger)
	klog.SetLogger(logger)
	if err := reconcile(ctx, chosen); err != nil {
		fmt.Fprintf(stderr, "assay-reconciler: %v\n", err)
		return broken
	}
	return stopped
}

func parse(arguments []string, stdout io.Writer) (options, error) {
	var chosen options
	flags := flag.NewFlagSet("assay-reconciler", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&chosen.key, "key", "", "what signs evidence: "+signer.References+"; required")
	flags.StringVar(&chosen.state, "state", "/var/lib/assay", "directory for caches, of this process alone; all but the audit log may be lost at any time")
	flags.StringVar(&chosen.ledger, "ledger", "", "directory for the outputs of phases, which other processes may share (default <state>/ledger)")
	flags.StringVar(&chosen.log, "log", "", "directory of the audit log, which must never be lost (default <state>/log)")
	flags.StringVar(&chosen.logKey, "log-key", "", "file with the Ed25519 private key (PEM) that signs the audit log (default: that of --key, if it is such a file)")
	flags.StringVar(&chosen.metrics, "metrics-address", ":8080", "address of /metrics; 0 for none")
	flags.StringVar(&chosen.health, "health-address", ":8081", "address of /healthz and /readyz; 0 for none")
	flags.StringVar(&chosen.namespace, "namespace", "assay-system", "namespace of the Repository and Promotion objects")
	flags.BoolVar(&chosen.leaderElection, "leader-election", false, "let one of several replicas work at a time")
	flags.BoolVar(&chosen.commands, "allow-commands", false, "run trainers that are commands: whoever may merge then runs programs here")
	config.RegisterFlags(flags)
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stdout, usage)
			flags.SetOutput(stdout)
			flags.PrintDefaults()
		}
		return chosen, err
	}
	if flags.NArg() > 0 {
		return chosen, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if chosen.ledger == "" {
		chosen.ledger = filepath.Join(chosen.state, "ledger")
	}
	if chosen.log == "" {
		chosen.log = filepath.Join(chosen.state, "log")
	}
	if chosen.logKey == "" {
		chosen.logKey = chosen.key
	}
	if chosen.key == "" {
		return chosen, errors.New("--key is required: evidence without a signature is none")
	}
	return chosen, nil
}

// openLog reads the key of the audit log, now and not at the first verdict.
func openLog(chosen options) (*assembly.Log, error) {
	key, err := os.ReadFile(chosen.logKey)
	if err != nil {
		return nil, fmt.Errorf("reading the audit log's key: %w", err)
	}
	if err := auditlog.CheckKey(key); err != nil {
		return nil, fmt.Errorf("%s: %w", chosen.logKey, err)
	}
	return assembly.NewLog(chosen.log, key), nil
}

func reconcile(ctx context.Context, chosen options) error {
	key, err := signer.Open(ctx, chosen.key) // now, not when the first repository is opened
	if err != nil {
		return fmt.Errorf("--key: %w", err)
	}
	kept, err := openLog(chosen)
	if err != nil {
		return err
	}
	cluster, err := config.GetConfig()
	if err != nil {
		return fmt.Errorf("finding the cluster: %w", err)
	}
	scheme := runtime.NewScheme()
	if err := kube.AddToScheme(scheme); err != nil {
		return err
	}
	manager, err := ctrl.NewManager(cluster, ctrl.Options{
		Scheme: scheme, Metrics: server.Options{BindAddress: chosen.metrics}, HealthProbeBindAddress: chosen.health,
		LeaderElection: chosen.leaderElection, LeaderElectionID: "assay-reconciler.assay.dev", LeaderElectionNamespace: chosen.namespace,
		Cache: cache.Options{DefaultNamespaces: map[string]cache.Config{chosen.namespace: {}}},
	})
	if err != nil {
		return fmt.Errorf("preparing the manager: %w", err)
	}
	if err := errors.Join(manager.AddHealthzCheck("log", func(*http.Request) error { return kept.Stopped() }), manager.AddReadyzCheck("ping", healthz.Ping)); err != nil {
		return err
	}
	worker := controller.New(manager.GetClient(), func(url string) (controller.Workshop, error) {
		return assembly.Open(assembly.Options{
			Repository: url, StateDir: chosen.state, Ledger: chosen.ledger, Log: kept, Signer: key,
			Commands: chosen.commands, Clock: time.Now, Watch: controller.Observe,
		})
	})
	if err := worker.SetupWithManager(manager); err != nil {
		return err
	}
	return lifecycle.Run(ctx, manager)
}
