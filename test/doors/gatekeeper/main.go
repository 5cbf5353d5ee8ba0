// Gatekeeper is the webhook of OPA Gatekeeper without its manager: the same
// client, target, driver and handler, answering over TLS. Gatekeeper's own
// process wants an API server for its templates, its constraints and the objects
// that it has synced; here all three are read from files, and reviews cost what
// they cost there.
//
// What the real handler does for each review and this one leaves out is in its
// favour: excluded namespaces, expansion, mutation, metrics, events and logs.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	var files files
	var address, certificate, key string
	flag.StringVar(&address, "addr", "127.0.0.1:8443", "address to answer on")
	flag.StringVar(&certificate, "cert", "", "file with the serving certificate")
	flag.StringVar(&key, "key", "", "file with its key")
	flag.StringVar(&files.policies, "policies", "", "folder with one Rego module for each rule")
	flag.StringVar(&files.library, "library", "", "file with the Rego module that they share")
	flag.StringVar(&files.inventory, "inventory", "", "file with a JSON list of the objects that Gatekeeper would have synced")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, address, certificate, key, files); err != nil {
		log.Fatal("gatekeeper: ", err)
	}
}

func serve(ctx context.Context, address, certificate, key string, files files) error {
	door, err := open(ctx, files)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/admit", door)
	mux.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	server := &http.Server{
		Addr: address, Handler: mux, ReadHeaderTimeout: 10 * time.Second,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{"h2"}},
	}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.ListenAndServeTLS(certificate, key); err != http.ErrServerClosed {
		return err
	}
	return nil
}
