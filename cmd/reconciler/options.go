package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client/config"

	"github.com/mlops-clinical-trials/assay/internal/signer"
	"github.com/mlops-clinical-trials/assay/reconciler/controller"
)

type options struct {
	key, logKey        string
	state, ledger, log string
	namespace          string
	leaderElection     bool
	commands           bool
	work
	addresses
}

// work is what a process takes on, and how much of it at once.
type work struct {
	shardText   string
	shard       controller.Shard
	slots       int
	pullWorkers int
	patience    time.Duration
	reports     string
	looks, argo string // at what runs, and the namespace of Argo CD
}

// addresses are where a process answers, and where it tells what it does.
type addresses struct {
	metrics, health, receiver, pprof string
	certificates                     string // folder with tls.crt and tls.key
	traces                           bool
}

func parse(arguments []string, stdout io.Writer) (options, error) {
	var chosen options
	flags := flag.NewFlagSet("assay-reconciler", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	chosen.define(flags)
	chosen.work.define(flags)
	chosen.addresses.define(flags)
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
	return chosen, chosen.complete()
}

func (o *options) define(flags *flag.FlagSet) {
	flags.StringVar(&o.key, "key", "", "what signs evidence: "+signer.References+"; required")
	flags.StringVar(&o.state, "state", "/var/lib/assay", "directory for caches, of this process alone; all but the audit log may be lost at any time")
	flags.StringVar(&o.ledger, "ledger", "", "directory for the outputs of phases, which other processes may share (default <state>/ledger)")
	flags.StringVar(&o.log, "log", "", "directory of the audit log, which must never be lost (default <state>/log)")
	flags.StringVar(&o.logKey, "log-key", "", "file with the Ed25519 private key (PEM) that signs the audit log (default: that of --key, if it is such a file)")
	flags.StringVar(&o.namespace, "namespace", "assay-system", "namespace of the Repository and Promotion objects")
	flags.BoolVar(&o.leaderElection, "leader-election", false, "let one of several replicas work at a time, on each shard")
	flags.BoolVar(&o.commands, "allow-commands", false, "run trainers that are commands: whoever may merge then runs programs here")
}

func (w *work) define(flags *flag.FlagSet) {
	flags.StringVar(&w.shardText, "shard", "", "work on one of several parts of the repositories: i/n, as 0/3; the label assay.dev/shard moves one")
	flags.IntVar(&w.slots, "slots", max(runtime.GOMAXPROCS(0), 2), "how much trains and measures at once; merged work leaves one to pull requests")
	flags.IntVar(&w.pullWorkers, "pull-workers", 128, "how many pull requests are looked at at once; most of that is waiting")
	flags.DurationVar(&w.patience, "patience", 2*time.Hour, "fail /healthz when there is work and nothing moves for so long: longer than the longest training")
	flags.StringVar(&w.looks, "health", noHealth, "how what runs is looked at, which is what a soak counts: argo (Applications of Argo CD in this cluster), workloads (of this cluster), or none, which earns nothing")
	flags.StringVar(&w.argo, "argo-namespace", "argocd", "namespace of the Applications, for --health argo")
	flags.StringVar(&w.reports, "reports", "", "address of the reports of pull requests, for the link in a comment; the commit takes the place of {commit}")
}

func (a *addresses) define(flags *flag.FlagSet) {
	flags.StringVar(&a.metrics, "metrics-address", ":8080", "address of /metrics; 0 for none")
	flags.StringVar(&a.health, "health-address", ":8081", "address of /healthz and /readyz; 0 for none")
	flags.StringVar(&a.receiver, "receiver-address", "0", "address of /hooks/<namespace>/<repository>, for the webhooks of forges; 0 for none")
	flags.StringVar(&a.certificates, "receiver-certificates", "", "directory with tls.crt and tls.key for the webhooks, read again when they change (default: no TLS, behind something that has it)")
	flags.StringVar(&a.pprof, "pprof-address", "0", "address of /debug/pprof, on this machine only unless it names another; 0 for none")
	flags.BoolVar(&a.traces, "traces", os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "", "send traces by OTLP over HTTP, to where OTEL_EXPORTER_OTLP_ENDPOINT says")
}

// complete fills in what follows from the rest, and refuses what cannot be.
func (o *options) complete() error {
	if o.ledger == "" {
		o.ledger = filepath.Join(o.state, "ledger")
	}
	if o.log == "" {
		o.log = filepath.Join(o.state, "log")
	}
	if o.logKey == "" {
		o.logKey = o.key
	}
	if o.key == "" {
		return errors.New("--key is required: evidence without a signature is none")
	}
	err := checkHealth(o.looks)
	if err != nil {
		return err
	}
	if o.shard, err = controller.ParseShard(o.shardText); err != nil {
		return fmt.Errorf("--shard: %w", err)
	}
	if o.pprof, err = local(o.pprof); err != nil {
		return fmt.Errorf("--pprof-address: %w", err)
	}
	return nil
}
