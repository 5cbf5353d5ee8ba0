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
}

// ApplySystem applies manifests/system, the YAML that ships, and starts nothing.
// The API server calls the door at an address of this host.
func (w *World) ApplySystem(ctx context.Context, address string) error {
	found, err := systemObjects()
	if err != nil {
		return err
	}
	for _, object := range found {
		if object.GetKind() == "ValidatingWebhookConfiguration" {
			if err := callAt(object, "https://"+address+"/admit"); err != nil {
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
	dir := filepath.Join(w.Dir, name)
	started, err := StartService(ctx, dir, w.Binary("assay-webhook"), append([]string{
		"--kubeconfig", kubeconfig, "--config", admission, "--self-signed", "--store", filepath.Join(dir, "store"),
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--health-address", health, "--metrics-address", "0",
	}, more...)...)
	if err != nil {
		return nil, err
	}
	door := &Door{started, "127.0.0.1:" + strconv.Itoa(port), health}
	return door, started.Ready(ctx, "http://"+health+"/readyz")
}
