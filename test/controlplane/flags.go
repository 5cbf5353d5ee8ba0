package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
)

const usage = `Controlplane runs a real etcd and a real kube-apiserver in one process, for the
demo and the end-to-end tests. It listens on 127.0.0.1 only and keeps all its
files below one folder. When the API is ready it prints exactly one line,
"ready KUBECONFIG_PATH", and serves until SIGTERM or SIGINT.

Usage:

  controlplane --dir DIR [--port N] [--fresh] [--exit-with-stdin]

Flags:

  --dir DIR           folder for etcd data, certificates, keys, logs and the
                      kubeconfig; made when missing, safe to use again
  --port N            port of the API server; 0, the default, takes a free one
  --fresh             remove the objects of earlier runs first
  --exit-with-stdin   also stop at the end of stdin, so that a caller that is
                      killed leaves no orphan behind

Example:

  controlplane --dir .assay/controlplane --port 16443 &
  until test -f .assay/controlplane/kubeconfig; do sleep 0.2; done
  kubectl --kubeconfig .assay/controlplane/kubeconfig get namespaces
  kill %1

Exit codes: 0 stopped as asked, 1 could not start or died, 2 bad command line.
`

// config is the command line, understood.
type config struct {
	dir           folder
	port          int
	fresh         bool
	exitWithStdin bool
}

// parse reads the command line. It prints the help text when that is asked
// for, and returns flag.ErrHelp then; every other error is a bad command line.
func parse(args []string, help io.Writer) (config, error) {
	var cfg config
	var dir string
	flags := flag.NewFlagSet("controlplane", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the caller words the complaint
	flags.StringVar(&dir, "dir", "", "")
	flags.IntVar(&cfg.port, "port", 0, "")
	flags.BoolVar(&cfg.fresh, "fresh", false, "")
	flags.BoolVar(&cfg.exitWithStdin, "exit-with-stdin", false, "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(help, usage)
		return cfg, err
	case err != nil:
		return cfg, err
	case flags.NArg() > 0:
		return cfg, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case dir == "":
		return cfg, errors.New("--dir is required")
	case cfg.port < 0 || cfg.port > 65535:
		return cfg, fmt.Errorf("--port %d is not between 0 and 65535", cfg.port)
	}
	abs, err := filepath.Abs(dir)
	cfg.dir = folder(abs)
	return cfg, err
}
