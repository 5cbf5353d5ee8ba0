package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"os"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// isOpened is ready when every Release has been opened.
func isOpened(opened func() bool) healthz.Checker {
	return func(*http.Request) error {
		if !opened() {
			return errors.New("releases are still being opened")
		}
		return nil
	}
}

// replica is a name for this process that no other of the cluster has.
func (o Options) replica() string {
	host, _ := os.Hostname() // two without a name differ by their ports, or wait for each other for an hour
	return fmt.Sprintf("%s:%d", host, o.Port)
}
