package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/webhook"
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
	if err := serve(log.IntoContext(ctx, logger), options, more); err != nil {
		fmt.Fprintf(stderr, "assay-webhook: %v\n", err)
		return broken
	}
	return stopped
}

// serve compiles the rules before anything listens: a door without rules has
// nothing to say.
func serve(ctx context.Context, options webhook.Options, more extras) error {
	trees := []fs.FS{policies.FS}
	if more.policies != "" {
		trees = append(trees, os.DirFS(more.policies))
	}
	court, err := judge.New(ctx, trees...)
	if err != nil {
		return fmt.Errorf("compiling the policies: %w", err)
	}
	cluster, err := config.GetConfig()
	if err != nil {
		return fmt.Errorf("finding the cluster: %w", err)
	}
	log.FromContext(ctx).Info("serving", "policy", court.PolicyDigest(), "port", options.Port)
	kept, finish, err := more.journal.begin(ctx, metrics.Registry)
	if err != nil {
		return err
	}
	options.Log = kept
	return errors.Join(webhook.Serve(ctx, cluster, options, court), finish())
}
