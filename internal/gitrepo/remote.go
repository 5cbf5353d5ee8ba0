package gitrepo

import (
	"context"
	"errors"
	"fmt"
	nethttp "net/http"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	local "github.com/go-git/go-git/v5/plumbing/transport/file"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

// Approvals is the folder of the tags by which people approve.
const Approvals = "refs/tags/approvals/"

// errNoRef is ErrNotFound about a ref of a repository that is there.
var errNoRef = fmt.Errorf("branch or ref %w", ErrNotFound)

// parseAddress takes the credentials out of an address, so that no message
// and no file of the local copy can hold them.
func parseAddress(address string) (string, transport.AuthMethod, error) {
	if filepath.IsAbs(address) {
		return filepath.Clean(address), nil, nil
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return "", nil, errors.New("the git remote is not a URL") // err would repeat the credentials
	}
	switch {
	case parsed.Scheme == "file" && filepath.IsAbs(parsed.Path):
		return filepath.Clean(parsed.Path), nil, nil
	case (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host != "":
	default:
		return "", nil, fmt.Errorf("git remote %q: use http, https or an absolute path", parsed.Redacted())
	}
	if parsed.User == nil {
		return parsed.String(), nil, nil
	}
	password, _ := parsed.User.Password()
	auth := &http.BasicAuth{Username: parsed.User.Username(), Password: password}
	parsed.User = nil
	return parsed.String(), auth, nil
}

func (r *Repo) explain(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s %s: %w", doing, r.address, ctx.Err())
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return gone(fmt.Errorf("%s %s: the repository is %w", doing, r.address, ErrNotFound))
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		return refused(fmt.Errorf("%s %s: %w: give credentials that may read and write it", doing, r.address, err))
	}
	return fmt.Errorf("%s %s: %w", doing, r.address, err)
}

func fullName(ref string) plumbing.ReferenceName {
	if strings.HasPrefix(ref, "refs/") {
		return plumbing.ReferenceName(ref)
	}
	return plumbing.NewBranchReferenceName(ref)
}

// connect makes what speaks with the remote.
func (r *Repo) connect(address string) error {
	endpoint, err := transport.NewEndpoint(address)
	if err != nil {
		return errors.New("the git remote cannot be spoken to")
	}
	r.endpoint, r.client = endpoint, local.DefaultClient
	if endpoint.Protocol != "file" {
		r.client = http.NewClient(&nethttp.Client{Transport: bounded{nethttp.DefaultTransport, r.limits.refBytes}})
	}
	return nil
}
