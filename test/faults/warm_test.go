package faults

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/load"
)

// A door that knows its releases calls nobody to answer: while it answers a
// thousand reviews, the process opens no connection, and sends its API server no
// more than what keeps a watch alive.
func TestAWarmDoorCallsNobody(t *testing.T) {
	bin := binaries(t)
	crowd := load.Crowd{Delivered: delivered(t), Known: inUse, Used: inUse}
	world, err := harness.Start(t.Context(), t.TempDir(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Stop(); err != nil {
			t.Error(err)
		}
	})
	s := &siege{World: world, t: t, crowd: crowd}
	if err := s.ApplySystem(t.Context(), "127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	way := s.way()
	door, asking := s.quiet(way)
	reviews, err := crowd.Reviews()
	if err != nil {
		t.Fatal(err)
	}
	for _, review := range reviews {
		s.soon("it is warm", func() error { return asking.Expect(t.Context(), review) })
	}
	time.Sleep(2 * time.Second) // until what the start has to say is said
	opened, sent := way.opened.Load(), way.sent.Load()
	stop := make(chan struct{})
	seen := make(chan []string)
	go func() { seen <- watch(t, load.Process(door.PID()), stop) }()
	tally := load.Rate{PerSecond: 200, For: 5 * time.Second}.Run(t.Context(), func(ctx context.Context, n int) error {
		return asking.Expect(ctx, reviews[n%len(reviews)])
	})
	close(stop)
	others := slices.DeleteFunc(<-seen, func(address string) bool { return address == hexadecimal(t, way.address) })
	if tally.Wrong > 0 || tally.Asked != 1000 {
		t.Error(tally)
	}
	if now := way.opened.Load(); now != opened || len(others) > 0 {
		t.Errorf("%d connections were opened to the API server, and others to %v", now-opened, others)
	}
	// A ping and its answer are 17 bytes each (RFC 9113 section 6.7), in TLS 39.
	if said := way.sent.Load() - sent; said > 8*39 {
		t.Errorf("%d bytes were sent to the API server for %d reviews", said, tally.Asked)
	}
}

// quiet starts a door that does nothing but answer: its certificate is given,
// and nobody asks whether it is ready.
func (s *siege) quiet(way *way) (*harness.Service, *load.Client) {
	s.t.Helper()
	kubeconfig, err := s.KubeconfigOf(s.t.Context(), "assay-webhook")
	if err != nil {
		s.t.Fatal(err)
	}
	config, err := clientcmd.LoadFromFile(kubeconfig)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, cluster := range config.Clusters {
		cluster.Server = "https://" + way.address
	}
	if err := clientcmd.WriteToFile(*config, kubeconfig); err != nil {
		s.t.Fatal(err)
	}
	certificates := s.t.TempDir()
	authority, err := load.Certify(certificates)
	if err != nil {
		s.t.Fatal(err)
	}
	address, err := harness.FreeAddress()
	if err != nil {
		s.t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		s.t.Fatal(err)
	}
	door, err := harness.StartService(s.t.Context(), filepath.Join(s.Dir, "quiet"), s.Binary("assay-webhook"),
		"--kubeconfig", kubeconfig, "--config", s.crowd.Admission, "--cert-dir", certificates, "--bind", "127.0.0.1", "--port", port,
		"--health-address", "0", "--metrics-address", "0", "--drain", "0", "--store", s.t.TempDir())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = door.Stop() })
	asking, err := load.NewClient("https://"+address+"/admit", authority)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(asking.Close)
	return door, asking
}

// way leads to the API server, and counts what goes there.
type way struct {
	address      string
	opened, sent atomic.Int64
}

func (s *siege) way() *way {
	s.t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", s.Kubeconfig)
	if err != nil {
		s.t.Fatal(err)
	}
	target, err := url.Parse(config.Host)
	if err != nil {
		s.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { listener.Close() })
	made := &way{address: listener.Addr().String()}
	go func() {
		for {
			caller, err := listener.Accept()
			if err != nil {
				return
			}
			made.opened.Add(1)
			go made.relay(caller, target.Host)
		}
	}()
	return made
}

func (w *way) relay(caller net.Conn, target string) {
	defer caller.Close()
	called, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	go func() {
		defer called.Close()
		_, _ = io.Copy(io.MultiWriter(called, counting{&w.sent}), caller)
	}()
	_, _ = io.Copy(caller, called)
}

type counting struct{ bytes *atomic.Int64 }

func (c counting) Write(text []byte) (int, error) {
	c.bytes.Add(int64(len(text)))
	return len(text), nil
}

// watch lists where the process has connections to, seen a thousand times a
// second.
func watch(t *testing.T, process load.Process, stop chan struct{}) []string {
	var seen []string
	for {
		select {
		case <-stop:
			return seen
		case <-time.After(time.Millisecond):
		}
		remote, err := process.Sockets()
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		for _, address := range remote {
			if !slices.Contains(seen, address) {
				seen = append(seen, address)
			}
		}
	}
}

// hexadecimal is an IPv4 address as /proc/net/tcp has it.
func hexadecimal(t *testing.T, address string) string {
	t.Helper()
	parsed, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(parsed.IP.To4()), parsed.Port)
}
