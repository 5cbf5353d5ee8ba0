package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binaries is where `make build` leaves them, unless ASSAY_BIN says otherwise.
func binaries() (string, error) {
	dir := os.Getenv("ASSAY_BIN")
	if dir == "" {
		dir = filepath.Join("..", "..", ".assay", "bin")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"assay", "assay-webhook", "assay-reconciler", "controlplane"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("%w\nhint: make build", err)
		}
	}
	return dir, nil
}

func assayBinary(t *testing.T) string {
	t.Helper()
	dir, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "assay")
}

// buildKubectl builds the client of the version that the control plane serves,
// in the module that has its sources. The first build takes minutes; after
// that go's build cache has it.
func buildKubectl(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "kubectl")
	build := exec.CommandContext(ctx, "go", "-C", filepath.Join("..", "controlplane"),
		"build", "-ldflags=-s -w", "-o", path, "k8s.io/kubernetes/cmd/kubectl")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building kubectl: %w\n%s", err, said)
	}
	return path, nil
}
