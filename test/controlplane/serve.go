package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// serve runs the control plane until ctx ends, and calls ready once, when a
// client that reads the kubeconfig will be served.
func serve(ctx context.Context, cfg config, ready func(kubeconfig string) error) error {
	token, err := ensureIdentity(cfg.dir)
	if err != nil {
		return fmt.Errorf("making certificates and keys: %w", err)
	}
	store, err := startEtcd(ctx, cfg.dir)
	if err != nil {
		return stoppedOr(ctx, "starting etcd", err)
	}
	etcd, err := etcdAddress(store)
	if err != nil {
		return err
	}
	server, err := startAPIServer(ctx, cfg.dir, cfg.port, etcd)
	if err != nil {
		return fmt.Errorf("starting kube-apiserver: %w", err)
	}
	// Until it is ready the API server cannot be stopped: its start hooks take
	// that for a fault and kill the process. Returning without a stop is the
	// quieter kill, and the folder survives either.
	if err := announce(ctx, cfg.dir, server, token, ready); err != nil {
		return stoppedOr(ctx, "announcing kube-apiserver", err)
	}
	defer store.Close()
	return watch(ctx, store, server)
}

// ensureIdentity makes, or finds, everything secret and returns the
// administrator's token.
func ensureIdentity(dir folder) (string, error) {
	if err := ensureCertificates(dir, time.Now()); err != nil {
		return "", err
	}
	if err := ensureAccountKey(dir); err != nil {
		return "", err
	}
	return ensureToken(dir)
}

// announce waits for the API server, then publishes how to reach it.
func announce(ctx context.Context, dir folder, server *apiServer, token string, ready func(string) error) error {
	authority, err := os.ReadFile(dir.authority())
	if err != nil {
		return err
	}
	if err := server.waitReady(ctx, token, authority); err != nil {
		return fmt.Errorf("waiting for /readyz: %w", err)
	}
	file, err := kubeconfig(server.address, token, authority)
	if err != nil {
		return err
	}
	if err := write(dir.kubeconfig(), file); err != nil {
		return fmt.Errorf("publishing the kubeconfig: %w", err)
	}
	return ready(dir.kubeconfig())
}

// watch returns nil when ctx ended and the API server followed it, and an
// error when either server ended on its own.
func watch(ctx context.Context, store *embed.Etcd, server *apiServer) error {
	select {
	case <-server.ended:
		return stoppedOr(ctx, "running kube-apiserver", server.fault)
	case err := <-store.Err():
		return stoppedOr(ctx, "running etcd", err)
	case <-ctx.Done():
		return server.stop()
	}
}

// stoppedOr keeps an error that is only the echo of our own stop from looking
// like a fault.
func stoppedOr(ctx context.Context, doing string, err error) error {
	switch {
	case ctx.Err() != nil:
		return nil
	case err == nil:
		err = errors.New("ended without a reason")
	}
	return fmt.Errorf("%s: %w", doing, err)
}
