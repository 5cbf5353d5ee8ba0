// Package lifecycle ends what controller-runtime has started. It knows when a
// manager can be stopped; it must never import a package of this project.
package lifecycle

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/manager"
)

// Run runs a manager until the context ends. A manager that is stopped before the
// cluster has told it everything never ends, and keeps a processor busy
// (controller-runtime v0.25.2, runnableGroup.Start), so it is left alone then: it
// has begun nothing that could be finished, and the process ends anyway.
func Run(ctx context.Context, started manager.Manager) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- started.Start(running) }()
	select {
	case err := <-ended:
		stop()
		return err
	case <-ctx.Done():
	}
	select {
	case <-started.Elected(): // everything has started
		stop()
		return <-ended
	default:
		go func() {
			<-started.Elected()
			stop()
		}()
		return nil
	}
}
