package harness

import (
	"context"
	"path/filepath"
	"strconv"
)

// Door is one replica of the webhook, beside the one that a world may have.
type Door struct {
	*Service
	Address string // where it answers reviews
	Health  string // where it answers /readyz and /healthz
	Metrics string // where it answers /metrics
}

// memoryLimit is that of manifests/system.
const memoryLimit = "GOMEMLIMIT=180MiB"

// ApplySystem applies manifests/system, the YAML that ships, and starts nothing.
// The API server calls the door at an address of this host; at several, it asks
// about each object as often as there are.
func (w *World) ApplySystem(ctx context.Context, addresses ...string) error {
	found, err := systemObjects()
	if err != nil {
		return err
	}
	for _, object := range found {
		if object.GetKind() == "ValidatingWebhookConfiguration" {
			if err := callAt(object, addresses); err != nil {
				return err
			}
		}
		if err := w.applySoon(ctx, object); err != nil {
			return err
		}
	}
	return nil
}

// KubeconfigOf lets a process act with the rights of a service account that
// ApplySystem has brought.
func (w *World) KubeconfigOf(ctx context.Context, account string) (string, error) {
	return w.kubeconfigOf(ctx, account)
}

// StartDoor starts a replica that makes its own certificate, and waits until it
// is ready. Its files are below the world's directory, under its name.
func (w *World) StartDoor(ctx context.Context, name, admission string, more ...string) (*Door, error) {
	return w.StartDoorOf(ctx, "assay-webhook", name, admission, more...)
}

// StartDoorOf does so out of another binary than the one that ships.
func (w *World) StartDoorOf(ctx context.Context, binary, name, admission string, more ...string) (*Door, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	kubeconfig, err := w.kubeconfigOf(ctx, "assay-webhook")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	health, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	metrics, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(w.Dir, name)
	started, err := startIn(ctx, dir, w.Binary(binary), []string{memoryLimit}, append([]string{
		"--kubeconfig", kubeconfig, "--config", admission, "--self-signed", "--store", filepath.Join(dir, "store"),
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--health-address", health, "--metrics-address", metrics,
	}, more...)...)
	if err != nil {
		return nil, err
	}
	door := &Door{started, "127.0.0.1:" + strconv.Itoa(port), health, metrics}
	return door, started.Ready(ctx, "http://"+health+"/readyz")
}
