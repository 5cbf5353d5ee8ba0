package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// binary is one of those that make builds.
func binary(b *testing.B, name string) string {
	b.Helper()
	file, err := filepath.Abs(filepath.Join(cmp.Or(os.Getenv("ASSAY_BIN"), filepath.Join("..", "..", ".assay", "bin")), name))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		b.Fatalf("%v\nhint: make build, and make bench-doors for the peers", err)
	}
	return file
}

// delivered is what a demo left behind. Evidence ages: a demo of last month
// passes no rule about freshness.
func delivered(b *testing.B) *Delivered {
	b.Helper()
	found, err := Read(b.Context(), cmp.Or(os.Getenv("ASSAY_LOAD_WORLD"), filepath.Join("..", "..", ".assay", "load")))
	if err != nil {
		b.Fatal(err)
	}
	return found
}

// asked is a number that the environment may change.
func asked(b *testing.B, variable string, usual int) int {
	b.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usual
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		b.Fatalf("%s is %q, not a positive number", variable, text)
	}
	return number
}

// inUse is how many releases the pods mount: a cluster knows more than it runs.
const inUse = 100

// open is a door, or a peer of it, that runs.
type open struct {
	name    string
	service *harness.Service
	client  *Client
	took    time.Duration // from its start to its first answer
}

func (o open) process() Process { return Process(o.service.PID()) }

// begin starts a binary that answers at an address, and waits until the first
// review is answered as it must be.
func begin(b *testing.B, name, url string, authority []byte, first Review, binary string, arguments ...string) open {
	b.Helper()
	client, err := NewClient(url, authority)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	service, err := harness.StartService(b.Context(), b.TempDir(), binary, arguments...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		client.Close()
		if err := service.Stop(); err != nil {
			b.Error(err)
		}
	})
	started := open{name, service, client, 0}
	if err := answers(b.Context(), client, first); err != nil {
		said, _ := service.Log()
		b.Fatalf("%s: %v\n%s", name, err, said[max(0, len(said)-2000):])
	}
	started.took = time.Since(start)
	return started
}

func answers(ctx context.Context, client *Client, first Review) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := client.Expect(ctx, first)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// noCluster is the kubeconfig of an API server that is not there: what a door
// answers then, it answers from its store.
func noCluster(b *testing.B) string {
	b.Helper()
	address, err := harness.FreeAddress()
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"gone","clusters":[{"name":"gone","cluster":{"server":"https://%s"}}],`+
		`"users":[{"name":"door","user":{"token":"none"}}],"contexts":[{"name":"gone","context":{"cluster":"gone","user":"door"}}]}`, address)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

// webhookOf starts the door as a whole process, over a store that holds the
// crowd, without a cluster.
func webhookOf(b *testing.B, crowd Crowd, store string, reviews []Review, more ...string) open {
	b.Helper()
	certificates := b.TempDir()
	authority, err := Certify(certificates)
	if err != nil {
		b.Fatal(err)
	}
	address, err := harness.FreeAddress()
	if err != nil {
		b.Fatal(err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		b.Fatal(err)
	}
	return begin(b, "assay-webhook", "https://"+address+"/admit", authority, reviews[0], binary(b, "assay-webhook"), append([]string{
		"--config", crowd.Admission, "--cert-dir", certificates, "--kubeconfig", noCluster(b), "--store", store,
		"--bind", "127.0.0.1", "--port", port, "--health-address", "0", "--metrics-address", "0"}, more...)...)
}

// metric reads one number of a door's /metrics.
func metric(b *testing.B, address, name string) float64 {
	b.Helper()
	value, err := Metric(b.Context(), address, name)
	if err != nil {
		b.Fatal(err)
	}
	return value
}
