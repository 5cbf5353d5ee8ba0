package faults

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/mlops-clinical-trials/assay/test/load"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if world != "" {
		_ = os.RemoveAll(world)
	}
	os.Exit(code)
}

// world is where a demo has told its story, once for all tests.
var world string

// demo delivers a model now: evidence ages, so none is kept.
var demo = sync.OnceValues(func() (*load.Delivered, error) {
	var err error
	if world, err = os.MkdirTemp("", "assay-faults-"); err != nil {
		return nil, err
	}
	dir := filepath.Join(world, "demo")
	if said, err := exec.Command(filepath.Join(folder(), "assay"), "demo", "--dir", dir).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s\nhint: make build", err, said)
	}
	return load.Read(context.Background(), dir)
})

func delivered(t *testing.T) *load.Delivered {
	t.Helper()
	found, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// folder is where `make build` leaves the binaries, unless ASSAY_BIN says
// otherwise.
func folder() string {
	return cmp.Or(os.Getenv("ASSAY_BIN"), filepath.Join("..", "..", ".assay", "bin"))
}

func binaries(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(folder())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
