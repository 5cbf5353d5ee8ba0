package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of the command.
const (
	exitStopped = 0 // asked to stop, and stopped
	exitBroken  = 1 // could not start, or died on its own
	exitUsage   = 2 // the command line makes no sense
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	cfg, err := parse(args, os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitStopped
	case err != nil:
		complain(os.Stderr, err, "controlplane --help")
		return exitUsage
	}

	ctx, stop := stopOn(cfg.exitWithStdin, os.Stdin)
	defer stop()
	screen := terminal{out: os.Stdout, err: os.Stderr}
	if err := occupy(ctx, cfg, &screen); err != nil {
		complain(screen.err, err, fmt.Sprintf("see the logs, if any, in %s", cfg.dir))
		return exitBroken
	}
	return exitStopped
}

// occupy takes the folder for this process, moves the noise of the libraries
// into it, and serves until ctx ends.
func occupy(ctx context.Context, cfg config, screen *terminal) error {
	lock, err := cfg.dir.prepare(cfg.fresh)
	if err != nil {
		return fmt.Errorf("preparing %s: %w", cfg.dir, err)
	}
	defer lock.Close()
	if err := screen.redirect(cfg.dir.apiServerLog()); err != nil {
		return fmt.Errorf("redirecting output to %s: %w", cfg.dir.apiServerLog(), err)
	}
	return serve(ctx, cfg, func(kubeconfig string) error {
		_, err := fmt.Fprintf(screen.out, "ready %s\n", kubeconfig)
		return err
	})
}

// stopOn returns a context that ends at the first SIGTERM or SIGINT, and, when
// asked, at the end of stdin. A second signal finds the default behaviour back
// in place and kills a process that hangs.
func stopOn(endOfStdin bool, stdin io.Reader) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	context.AfterFunc(ctx, stop)
	if endOfStdin {
		// A parent that is killed cannot send a signal, but the kernel closes
		// its end of the pipe for it.
		go func() {
			_, _ = io.Copy(io.Discard, stdin)
			stop()
		}()
	}
	return ctx, stop
}

func complain(to io.Writer, err error, hint string) {
	fmt.Fprintf(to, "controlplane: %v\ncontrolplane: hint: %s\n", err, hint)
}
