package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

const remoteName = "origin"

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

// Fetch brings the local copy of some refs to where the remote has them, back
// and forth: a branch that was force-pushed moves, a branch that a pattern
// covered and that is gone goes. A ref is a branch ("main"), a pattern of
// branches ("env/*") or a full name ("refs/notes/assay"); none means all
// branches, all notes and all tags of approvals. A ref without "*" must exist.
func (r *Repo) Fetch(ctx context.Context, refs ...string) error {
	if len(refs) == 0 {
		refs = []string{"*", "refs/notes/*", Approvals + "*"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fetch(ctx, refs...)
}

func (r *Repo) fetch(ctx context.Context, refs ...string) error {
	var specs []config.RefSpec
	for _, ref := range refs {
		spec := config.RefSpec(fmt.Sprintf("+%[1]s:%[1]s", fullName(ref)))
		if err := spec.Validate(); err != nil {
			return fmt.Errorf("fetching %q: %w", ref, err)
		}
		specs = append(specs, spec)
	}
	err := r.remote.FetchContext(ctx, &git.FetchOptions{
		RefSpecs: specs, Auth: r.auth, Tags: git.NoTags, Prune: true, Force: true,
	})
	switch {
	case errors.Is(err, git.NoErrAlreadyUpToDate):
		return nil
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		return r.forget(specs)
	case errors.Is(err, git.NoMatchingRefSpecError{}):
		return fmt.Errorf("fetching %s from %s: %w", strings.Join(refs, ", "), r.address, errNoRef)
	}
	return r.explain("fetching from", err)
}

// tip is where the remote has a ref now; the zero hash when it has none.
func (r *Repo) tip(ctx context.Context, ref plumbing.ReferenceName) (plumbing.Hash, error) {
	// A pattern would match longer names too, so the ref is asked for by name.
	err := r.fetch(ctx, ref.String())
	if errors.Is(err, errNoRef) {
		return plumbing.ZeroHash, r.forget([]config.RefSpec{config.RefSpec(ref + ":" + ref)})
	}
	if err != nil {
		return plumbing.ZeroHash, err
	}
	found, err := r.store.Reference(ref)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return plumbing.ZeroHash, nil // the remote is empty
	}
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return found.Hash(), nil
}

// forget drops the local copies of refs that the remote has no more.
func (r *Repo) forget(specs []config.RefSpec) error {
	refs, err := r.store.IterReferences()
	if err != nil {
		return err
	}
	return refs.ForEach(func(ref *plumbing.Reference) error {
		for _, spec := range specs {
			if spec.Match(ref.Name()) {
				return r.store.RemoveReference(ref.Name())
			}
		}
		return nil
	})
}

// push moves a ref of the remote from old to new, and only from old: go-git
// compares with what the remote advertises, and the remote compares again
// while it holds the ref's lock. A ref that should not exist yet (old is
// zero) is guarded by the push not being forced.
func (r *Repo) push(ctx context.Context, ref plumbing.ReferenceName, old, new plumbing.Hash) error {
	options := &git.PushOptions{
		RemoteName: remoteName,
		RefSpecs:   []config.RefSpec{config.RefSpec(new.String() + ":" + ref.String())},
		Auth:       r.auth,
	}
	if !old.IsZero() {
		options.RequireRemoteRefs = []config.RefSpec{config.RefSpec(old.String() + ":" + ref.String())}
	}
	err := r.remote.PushContext(ctx, options)
	if errors.Is(err, git.NoErrAlreadyUpToDate) {
		return nil
	}
	return r.explain("pushing "+ref.Short()+" to", err)
}

func (r *Repo) explain(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return fmt.Errorf("%s %s: the repository is %w", doing, r.address, ErrNotFound)
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		return fmt.Errorf("%s %s: %w: give credentials that may read and write it", doing, r.address, err)
	}
	return fmt.Errorf("%s %s: %w", doing, r.address, err)
}

func fullName(ref string) plumbing.ReferenceName {
	if strings.HasPrefix(ref, "refs/") {
		return plumbing.ReferenceName(ref)
	}
	return plumbing.NewBranchReferenceName(ref)
}
