package harness

import (
	"context"
	"errors"
	"net/url"
	"slices"
)

const controlPlane = "controlplane"

// RestartControlPlane stops the API server and its etcd, lets something happen
// while there is none, and starts them again, at the same address and with the
// same objects.
func (w *World) RestartControlPlane(ctx context.Context, without func()) error {
	address, err := url.Parse(w.admin.Host)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(w.processes, func(one *process) bool { return one.name == controlPlane })
	if at < 0 {
		return errors.New("there is no control plane")
	}
	stopped := w.processes[at]
	w.processes = slices.Delete(w.processes, at, at+1)
	if err := stopped.stop(); err != nil {
		return err
	}
	without()
	return w.startControlPlane(ctx, "--port", address.Port())
}
