package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// World is everything that runs.
type World struct {
	Dir        string // everything that the world keeps
	Kubeconfig string // of an administrator
	Registry   string // host:port of the OCI registry
	Repository string // URL of the promotion repository
	Client     client.Client

	binaries  string
	admin     *rest.Config
	processes []*process
	cancel    context.CancelFunc
}

// patience is how long a part of the world may take until it is ready.
const patience = 60 * time.Second

// Start makes a fresh world below a directory, out of the binaries in
// another: API server, registry and git server. The webhook and the reconciler
// are started when there is something to configure them with.
func Start(ctx context.Context, dir, binaries string) (*World, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := prepare(dir); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	world := &World{Dir: dir, binaries: binaries, cancel: cancel}
	if err := world.start(ctx, running); err != nil {
		return nil, errors.Join(err, world.Stop())
	}
	return world, nil
}

// marker tells a world's directory from one that holds somebody's work.
const marker = ".assay-world"

// prepare empties the directory, if it is a world's.
func prepare(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, marker)); err != nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty and was not made by a demo\nhint: give another directory with --dir", dir)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for _, part := range []string{"git", "registry", "controlplane"} {
		if err := os.MkdirAll(filepath.Join(dir, part), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, marker), nil, 0o644)
}

func (w *World) start(ctx, running context.Context) error {
	var err error
	if w.Registry, err = ServeRegistry(running, filepath.Join(w.Dir, "registry")); err != nil {
		return fmt.Errorf("starting the registry: %w", err)
	}
	if w.Repository, err = serveGit(running, filepath.Join(w.Dir, "git"), "promotions.git"); err != nil {
		return fmt.Errorf("starting the git server: %w", err)
	}
	if err := w.startControlPlane(ctx); err != nil {
		return fmt.Errorf("starting the control plane: %w", err)
	}
	return nil
}

func (w *World) startControlPlane(ctx context.Context, more ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	started, stdout, err := start(ctx, w.Dir, w.Binary(controlPlane), nil,
		append(more, "--dir", filepath.Join(w.Dir, controlPlane), "--exit-with-stdin")...)
	if err != nil {
		return err
	}
	w.processes = append(w.processes, started)
	ready, err := started.firstLine(ctx, stdout)
	if err != nil {
		return err
	}
	kubeconfig, ok := strings.CutPrefix(ready, "ready ")
	if !ok {
		return fmt.Errorf("the control plane said %q", ready)
	}
	w.Kubeconfig = kubeconfig
	if w.admin, err = clientcmd.BuildConfigFromFlags("", kubeconfig); err != nil {
		return err
	}
	w.admin.QPS, w.admin.Burst = 200, 400
	w.Client, err = newClient(w.admin)
	return err
}

// Stop ends everything, the last first.
func (w *World) Stop() error {
	var failed []error
	for i := len(w.processes) - 1; i >= 0; i-- {
		failed = append(failed, w.processes[i].stop())
	}
	w.processes = nil
	w.cancel()
	return errors.Join(failed...)
}
