package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/webhook"
	"github.com/mlops-clinical-trials/assay/webhook/audit"
	"github.com/mlops-clinical-trials/assay/webhook/floor"
)

// Exit codes.
const (
	stopped = 0 // asked to stop, and every review was answered
	broken  = 1 // could not go on serving
	misused = 2 // could not begin: flags
)

func main() { os.Exit(interruptible()) }

func interruptible() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// roomy is the garbage collector's percentage where a limit of memory is known:
// what lies below the limit is there to be used, and the collector, which takes a
// fifth of a busy door's time at 100, works hard only when it is near.
const roomy = 400

func useMemory() {
	if os.Getenv("GOMEMLIMIT") != "" && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(roomy)
	}
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	options, more, err := parse(arguments, stdout)
	options.ReadRoot = readRoot
	switch {
	case errors.Is(err, flag.ErrHelp):
		return stopped
	case err != nil:
		fmt.Fprintf(stderr, "assay-webhook: %v\nassay-webhook: hint: assay-webhook --help\n", err)
		return misused
	}
	logger := logr.FromSlogHandler(slog.NewJSONHandler(stderr, nil))
	log.SetLogger(logger)
	klog.SetLogger(logger)
	if more.print {
		return printPolicy(ctx, more.policies, stdout, stderr)
	}
	if err := serve(log.IntoContext(ctx, logger), options, more); err != nil {
		fmt.Fprintf(stderr, "assay-webhook: %v\n", err)
		return broken
	}
	return stopped
}

// printPolicy tells what to pin: the digest is of the rules in this very program,
// and of those in the folder.
func printPolicy(ctx context.Context, folder string, stdout, stderr io.Writer) int {
	court, err := webhook.OpenCourt(ctx, policies.FS, folder)
	if err != nil {
		fmt.Fprintf(stderr, "assay-webhook: %v\n", err)
		return broken
	}
	fmt.Fprintln(stdout, court.PolicyDigest())
	return stopped
}

// serve compiles the rules before anything listens: a door without rules has
// nothing to say.
func serve(ctx context.Context, options webhook.Options, more extras) error {
	court, err := webhook.OpenCourt(ctx, policies.FS, more.policies)
	if err != nil {
		return err
	}
	cluster, err := config.GetConfig()
	if err != nil {
		return fmt.Errorf("finding the cluster: %w", err)
	}
	if more.audit {
		log.FromContext(ctx).Info("auditing", "policy", court.PolicyDigest())
		return audit.Serve(ctx, cluster, options, court, func(repositories func() []string) (audit.Floor, error) {
			return floor.New(cluster, options.Namespace, repositories)
		})
	}
	useMemory()
	log.FromContext(ctx).Info("serving", "policy", court.PolicyDigest(), "port", options.Port)
	kept, finish, err := more.journal.begin(ctx, metrics.Registry)
	if err != nil {
		return err
	}
	options.Log = kept
	return errors.Join(webhook.Serve(ctx, cluster, options, court), finish())
}
