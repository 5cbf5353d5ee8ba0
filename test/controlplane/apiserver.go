package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"

	utilerrors "k8s.io/apimachinery/pkg/util/errors"

	_ "time/tzdata" // as in kube-apiserver: a CronJob's time zone is validated without the host's files
)

// loopback is the only address this process listens on.
const loopback = "127.0.0.1"

// apiServer is a kube-apiserver that runs in this process. There can be only
// one: its feature gates and metrics are global variables.
type apiServer struct {
	address string        // https URL
	cancel  func()        // asks it to stop
	ended   chan struct{} // closed when the server has stopped
	fault   error         // why it stopped, to be read once ended is closed
}

// stopPatience bounds a shutdown. The API server itself would wait a minute
// for the slowest request.
const stopPatience = 8 * time.Second

// startAPIServer runs the API server until stop is called; the end of ctx alone
// does not stop it. It returns before the server is ready.
func startAPIServer(ctx context.Context, dir folder, port int, etcd string) (*apiServer, error) {
	// Listening here, not in the API server, yields the free port's number
	// without a moment in which another process may take it.
	listener, err := net.Listen("tcp4", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	completed, err := apiServerOptions(ctx, listener, apiServerFlags(dir, etcd))
	if err != nil {
		cancel()
		listener.Close()
		return nil, err
	}
	server := &apiServer{
		address: "https://" + listener.Addr().String(),
		cancel:  cancel,
		ended:   make(chan struct{}),
	}
	go func() {
		defer close(server.ended)
		server.fault = app.Run(ctx, completed)
	}()
	return server, nil
}

// stop asks a server that is ready to end, and waits until it has.
func (s *apiServer) stop() error {
	s.cancel()
	select {
	case <-s.ended:
		return s.fault
	case <-time.After(stopPatience):
		return fmt.Errorf("stopping kube-apiserver: it still runs after %s", stopPatience)
	}
}

// apiServerFlags is the command line of the API server, as its reference
// documentation words it.
func apiServerFlags(dir folder, etcd string) []string {
	return []string{
		"--etcd-servers=" + etcd,
		"--advertise-address=" + loopback,
		"--service-cluster-ip-range=10.96.0.0/16",
		"--cert-dir=" + dir.pki(),
		"--tls-cert-file=" + dir.servingCert(),
		"--tls-private-key-file=" + dir.servingKey(),
		"--token-auth-file=" + dir.tokens(),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + dir.accountKey(),
		"--service-account-signing-key-file=" + dir.accountKey(),
		// No controller makes the service account that every pod would need.
		"--disable-admission-plugins=ServiceAccount",
		// An Endpoints object must not point at loopback, and no pod asks for it.
		"--endpoint-reconciler-type=none",
		// Otherwise a client's open watch holds up the end for a minute.
		"--shutdown-watch-termination-grace-period=2s",
	}
}

// apiServerOptions does what the kube-apiserver command does before it runs.
// The command itself is not used because it takes over the process's signals
// and cannot be given a listener.
func apiServerOptions(ctx context.Context, listener net.Listener, args []string) (options.CompletedOptions, error) {
	var none options.CompletedOptions
	run := options.NewServerRunOptions()
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, set := range run.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(args); err != nil {
		return none, err
	}
	run.SecureServing.Listener = listener
	run.SecureServing.BindAddress = listener.Addr().(*net.TCPAddr).IP
	run.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port

	if err := run.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return none, fmt.Errorf("setting feature gates: %w", err)
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{}) // it talks to itself, and need not warn itself
	completed, err := run.Complete(ctx)
	if err != nil {
		return none, fmt.Errorf("completing options: %w", err)
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return none, utilerrors.NewAggregate(errs)
	}
	return completed, nil
}
