package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcdPatience bounds the election of a member that has no rival: a tenth of a
// second on an idle machine, more while a compiler keeps every core busy.
const etcdPatience = 30 * time.Second

// startEtcd runs a cluster of one member and waits until it may be written to.
func startEtcd(ctx context.Context, dir folder) (*embed.Etcd, error) {
	store, err := embed.StartEtcd(etcdConfig(dir))
	if err != nil {
		return nil, err
	}
	select {
	case <-store.Server.ReadyNotify():
		return store, nil
	case err = <-store.Err():
	case <-ctx.Done():
		err = ctx.Err()
	case <-time.After(etcdPatience):
		err = fmt.Errorf("no leader after %s", etcdPatience)
	}
	store.Close()
	return nil, err
}

func etcdConfig(dir folder) *embed.Config {
	// Port 0 lets the kernel choose at the moment of listening, so that two
	// control planes started together cannot pick the same port.
	anyPort := url.URL{Scheme: "http", Host: loopback + ":0"}
	cfg := embed.NewConfig()
	cfg.Name = "controlplane"
	cfg.Dir = dir.etcdData()
	cfg.ListenClientUrls = []url.URL{anyPort}
	cfg.AdvertiseClientUrls = []url.URL{anyPort}
	cfg.ListenPeerUrls = []url.URL{anyPort}
	cfg.AdvertisePeerUrls = []url.URL{anyPort}
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	cfg.LogOutputs = []string{dir.etcdLog()}
	cfg.EnableGRPCGateway = false // it would dial port 0, and nobody speaks JSON to it

	// A member without rivals need not wait a second for one to speak up: the
	// defaults suit several machines and a network between them.
	cfg.TickMs, cfg.ElectionMs = 10, 100

	// The page cache survives the death of this process, which is all that a
	// test world asks.
	cfg.UnsafeNoFsync = true
	return cfg
}

// etcdAddress returns where clients reach the store.
func etcdAddress(store *embed.Etcd) (string, error) {
	if len(store.Clients) == 0 {
		return "", errors.New("etcd listens nowhere")
	}
	return "http://" + store.Clients[0].Addr().String(), nil
}
