package oci

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// maxRead is how many bytes of envelopes a Reader takes of one subject: more
// than what etcd stores of one object, so more than a Release can carry.
const maxRead = 4 << 20

// Reader reads evidence for the door of a cluster, out of repositories that the
// door's configuration names. It is more careful than a Registry, because people
// who may create a pod decide what it looks for: it asks once and does not try
// again, it speaks plain HTTP to nobody but the loopback address, and it follows
// no redirect to a link-local address, where clouds keep their credentials.
type Reader struct{ place *Registry }

// NewReader reads with the credentials of the container tools on the machine
// (~/.docker/config.json).
func NewReader() Reader {
	transport := newTransport()
	transport.DialContext = (&net.Dialer{Timeout: dialTime, Control: notLinkLocal}).DialContext
	return Reader{&Registry{options: []remote.Option{
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithTransport(bounded{encrypted{transport}}),
		remote.WithRetryBackoff(remote.Backoff{Steps: 1}),
		remote.WithUserAgent("assay-webhook"),
	}}}
}

// Referrers reads every envelope that a repository (host[:port]/path) holds about
// a digest, unverified, in the order of their digests.
func (r Reader) Referrers(ctx context.Context, repository string, digest evidence.Digest) ([]evidence.Envelope, error) {
	if _, err := evidence.ParseDigest(string(digest)); err != nil {
		return nil, err
	}
	reference, err := name.NewDigest(repository+"@"+string(digest), name.StrictValidation)
	if err != nil {
		return nil, fmt.Errorf("naming %s in %.80q: %w", digest, repository, err)
	}
	envelopes, err := r.place.list(ctx, reference, digest, maxRead)
	if err != nil {
		return nil, fmt.Errorf("listing evidence for %s: %w", reference, err)
	}
	return inOrder(envelopes), nil
}

// encrypted refuses to speak without TLS but to the machine itself. The client
// library would do so to private networks too, and wherever it is redirected.
type encrypted struct{ next http.RoundTripper }

func (e encrypted) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme != "https" && !isLoopback(request.URL.Hostname()) {
		return nil, fmt.Errorf("%.80q is not encrypted", request.URL.Redacted())
	}
	return e.next.RoundTrip(request)
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func notLinkLocal(_, target string, _ syscall.RawConn) error {
	address, err := netip.ParseAddrPort(target)
	if err != nil {
		return err
	}
	if ip := address.Addr().Unmap(); ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("no registry is at %s", ip)
	}
	return nil
}
