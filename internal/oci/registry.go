package oci

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// ErrNotFound says that the registry does not have an artifact.
var ErrNotFound = errors.New("not found")

// patience is how long one call may take altogether, retries included.
const patience = 5 * time.Minute

// dialTime is how long a registry may take to be there at all.
const dialTime = 10 * time.Second

// Registry is the place <prefix>/models. It is an evidence.Attacher and an
// evidence.Lister.
type Registry struct {
	prefix  string
	options []remote.Option
}

var (
	_ evidence.Attacher = (*Registry)(nil)
	_ evidence.Lister   = (*Registry)(nil)
)

// Open names a registry: host[:port][/path]. A registry on the loopback
// address is spoken to without TLS. Credentials are those of the container
// tools on the machine (~/.docker/config.json).
func Open(prefix string) (*Registry, error) {
	prefix = strings.TrimSuffix(prefix, "/")
	if _, err := name.NewRepository(prefix+"/models/x", name.StrictValidation); err != nil {
		return nil, fmt.Errorf("registry %q: %w", prefix, err)
	}
	return &Registry{prefix: prefix, options: []remote.Option{
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithTransport(bounded{newTransport()}),
		remote.WithRetryBackoff(remote.Backoff{Duration: 200 * time.Millisecond, Factor: 3, Jitter: 0.1, Steps: 3}),
		remote.WithUserAgent("assay"),
	}}, nil
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}

// bounded cuts off manifests and lists that are larger than any honest one.
// The client library itself would read 100 MiB. Files are bounded where they
// are read, by the size that the manifest gives them.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(request)
	if err != nil || strings.Contains(request.URL.Path, "/blobs/") {
		return response, err
	}
	if isList(request) && response.StatusCode == http.StatusOK && response.Header.Get("Link") != "" {
		return b.whole(request, response)
	}
	response.Body = http.MaxBytesReader(nil, response.Body, maxManifest)
	return response, nil
}

// Reference is how a cluster names an artifact: with its digest, never by tag.
func (r *Registry) Reference(subject evidence.Subject) (string, error) {
	reference, err := r.reference(subject)
	if err != nil {
		return "", err
	}
	return reference.Name(), nil
}

func (r *Registry) reference(subject evidence.Subject) (name.Digest, error) {
	if _, err := evidence.ParseDigest(string(subject.Digest)); err != nil {
		return name.Digest{}, err
	}
	text := fmt.Sprintf("%s/models/%s@%s", r.prefix, subject.Name, subject.Digest)
	reference, err := name.NewDigest(text, name.StrictValidation)
	if err != nil {
		return name.Digest{}, fmt.Errorf("naming %s: %w", subject, err)
	}
	return reference, nil
}

// Exists tells whether the artifact is a release: evidence alone is none.
func (r *Registry) Exists(ctx context.Context, subject evidence.Subject) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reference, err := r.reference(subject)
	if err != nil {
		return false, err
	}
	_, err = remote.Head(reference, r.with(ctx)...)
	if isAbsent(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for %s: %w", reference, err)
	}
	return true, nil
}

func (r *Registry) with(ctx context.Context) []remote.Option {
	return append([]remote.Option{remote.WithContext(ctx)}, r.options...)
}

func isAbsent(err error) bool {
	var answer *transport.Error
	return errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound
}
