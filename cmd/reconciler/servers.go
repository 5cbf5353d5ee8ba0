package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"path/filepath"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/mlops-clinical-trials/assay/reconciler/controller"
)

// none is the address of what is not served, as controller-runtime writes it.
const none = "0"

// local is an address on this machine, unless it names another: profiles hold
// what is in memory.
func local(address string) (string, error) {
	if address == none || address == "" {
		return none, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if host == "" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port), nil
}

// addServers lets the manager run what answers besides it.
func addServers(to manager.Manager, at addresses, hooks http.Handler) error {
	if at.pprof != none {
		if err := to.Add(&endpoint{address: at.pprof, handler: profiles()}); err != nil {
			return err
		}
	}
	if at.receiver == none {
		return nil
	}
	receiver := http.NewServeMux()
	receiver.Handle(controller.HooksPath, hooks)
	server := &endpoint{address: at.receiver, handler: receiver}
	if at.certificates != "" {
		watcher, err := certwatcher.New(filepath.Join(at.certificates, "tls.crt"), filepath.Join(at.certificates, "tls.key"))
		if err != nil {
			return fmt.Errorf("--receiver-certificates: %w", err)
		}
		server.tls = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: watcher.GetCertificate}
		if err := to.Add(watcher); err != nil {
			return err
		}
	}
	return to.Add(server)
}

func profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// endpoint is a server that a manager starts and stops, on every replica.
type endpoint struct {
	address string
	handler http.Handler
	tls     *tls.Config
}

// NeedLeaderElection implements manager.LeaderElectionRunnable.
func (e *endpoint) NeedLeaderElection() bool { return false }

// Start implements manager.Runnable.
func (e *endpoint) Start(ctx context.Context) error {
	listener, err := net.Listen("tcp", e.address)
	if err != nil {
		return err
	}
	if e.tls != nil {
		listener = tls.NewListener(listener, e.tls)
	}
	server := &http.Server{Handler: e.handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	context.AfterFunc(ctx, func() {
		ending, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer stop()
		_ = server.Shutdown(ending)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
