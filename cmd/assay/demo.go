package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

func newDemo() *cobra.Command {
	var dir, binaries string
	var keep bool
	command := &cobra.Command{
		Use:   "demo",
		Short: "Tell the whole story once, from a pushed branch to an admitted pod",
		Long: `Tell the whole story once, for real, on this machine: a kube-apiserver with
etcd, an OCI registry and a git server on loopback, the webhook and the
reconciler as they ship, and real cancer data. Models are proposed by branches,
checked, merged, delivered and admitted; others are denied, at the pull request
or at the API server. It ends with a table, and fails if any outcome is not what
it should be.

The binaries controlplane, assay-webhook and assay-reconciler lie beside this
one (make build).`,
		Example: "  make demo\n  assay demo --keep",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if binaries == "" {
				self, err := os.Executable()
				if err != nil {
					return err
				}
				binaries = filepath.Dir(self)
			}
			return demo(command, dir, binaries, keep)
		},
	}
	command.Flags().StringVar(&dir, "dir", filepath.Join(".assay", "demo"), "directory that the demo empties, and leaves its world in")
	command.Flags().StringVar(&binaries, "binaries", "", "directory of the other binaries (default: that of this one)")
	command.Flags().BoolVar(&keep, "keep", false, "keep the world up afterwards, until Ctrl-C")
	return command
}

func demo(command *cobra.Command, dir, binaries string, keep bool) (err error) {
	ctx := command.Context()
	out := command.OutOrStdout()
	fmt.Fprintf(out, "Starting a world below %s: etcd and kube-apiserver, an OCI registry, a git server.\n", dir)
	world, err := harness.Start(ctx, dir, binaries)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Stop()) }()
	told := &story{world: world, out: out}
	if err := told.tell(ctx); err != nil {
		return fmt.Errorf("%w\nhint: what every part said is in %s", err, filepath.Join(dir, "*.log"))
	}
	different := told.table()
	if keep {
		waitFor(ctx, told)
	}
	if different > 0 {
		return fmt.Errorf("%d outcomes are not what they should be", different)
	}
	return nil
}

func waitFor(ctx context.Context, told *story) {
	fmt.Fprintf(told.out, `
The world stays up until Ctrl-C. In another terminal:

  export KUBECONFIG=%s
  kubectl get repositories,promotions -n assay-system
  kubectl get releases
  git clone %s

`, told.world.Kubeconfig, told.world.Repository)
	<-ctx.Done()
}
