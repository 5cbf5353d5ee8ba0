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
	"syscall"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
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
	"github.com/mlops-clinical-trials/assay/internal/forge"
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

func reconcile(ctx context.Context, chosen options) (err error) {
	key, err := signer.Open(ctx, chosen.key) // now, not when the first repository is opened
	if err != nil {
		return fmt.Errorf("--key: %w", err)
	}
	kept, err := openLog(chosen)
	if err != nil {
		return err
	}
	if chosen.traces {
		stop, failed := sendTraces(ctx)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	manager, err := newManager(chosen)
	if err != nil {
		return err
	}
	looks, err := healthOf(chosen, manager)
	if err != nil {
		return err
	}
	slots, pulse := controller.NewSlots(chosen.slots), controller.NewPulse(forge.SystemClock{})
	makers := makersOf(chosen, key, kept, slots, pulse)
	makers.Health = looks
	reconcilers := controller.New(manager.GetClient(), controller.Options{
		Makers: makers, Secrets: manager.GetAPIReader(), Clock: forge.SystemClock{},
		Events: manager.GetEventRecorder("assay-reconciler"), Shard: chosen.shard, Slots: slots, Pulse: pulse, Workers: chosen.pullWorkers,
	})
	if err := errors.Join(
		manager.AddHealthzCheck("log", func(*http.Request) error { return kept.Stopped() }),
		manager.AddHealthzCheck("work", pulse.Healthy(chosen.patience)),
		manager.AddReadyzCheck("ping", healthz.Ping),
		addServers(manager, chosen.addresses, reconcilers.Hooks),
		reconcilers.SetupWithManager(manager),
	); err != nil {
		return err
	}
	return lifecycle.Run(ctx, manager)
}

func newManager(chosen options) (ctrl.Manager, error) {
	cluster, err := config.GetConfig()
	if err != nil {
		return nil, fmt.Errorf("finding the cluster: %w", err)
	}
	scheme := runtime.NewScheme()
	if err := errors.Join(kube.AddToScheme(scheme), corev1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	made, err := ctrl.NewManager(cluster, ctrl.Options{
		Scheme: scheme, Metrics: server.Options{BindAddress: chosen.metrics}, HealthProbeBindAddress: chosen.health,
		LeaderElection: chosen.leaderElection, LeaderElectionID: chosen.shard.Lease(), LeaderElectionNamespace: chosen.namespace,
		LeaderElectionReleaseOnCancel: true, // the process ends then
		Cache:                         cache.Options{DefaultNamespaces: map[string]cache.Config{chosen.namespace: {}}},
	})
	if err != nil {
		return nil, fmt.Errorf("preparing the manager: %w", err)
	}
	return made, nil
}
