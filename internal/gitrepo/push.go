package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// ErrMoved says that a branch is not where it was expected.
var ErrMoved = errors.New("the branch has moved")

// push moves a ref of the remote from old to new, and only from old: we compare
// with what the remote says, and the remote compares again while it holds the
// ref's lock. A ref that should not exist yet has the zero hash as old.
func (r *Repo) push(ctx context.Context, ref plumbing.ReferenceName, old, new plumbing.Hash, drafted *draft) error {
	pack, err := drafted.pack()
	if err != nil {
		return err
	}
	bounded, patience := r.patiently(ctx)
	defer patience.end()
	if err := r.send(bounded, &packp.Command{Name: ref, Old: old, New: new}, pack); err != nil {
		return r.explain(ctx, "pushing "+ref.Short()+" to", patience.why(err))
	}
	r.mu.Lock()
	r.refs[ref] = new
	r.mu.Unlock()
	return errors.Join(r.store.keep(drafted, pack), r.store.remember([]plumbing.Hash{new}))
}

func (r *Repo) send(ctx context.Context, command *packp.Command, pack []byte) error {
	endpoint := *r.endpoint // which a redirect changes
	session, err := r.client.NewReceivePackSession(&endpoint, r.auth)
	if err != nil {
		return err
	}
	defer session.Close()
	advertised, err := session.AdvertisedReferencesContext(ctx)
	if errors.Is(err, transport.ErrEmptyRemoteRepository) {
		advertised, err = packp.NewAdvRefs(), nil
	}
	if err != nil {
		return err
	}
	if now := advertised.References[command.Name.String()]; now != command.Old {
		return fmt.Errorf("%w: it is at %s", ErrMoved, now)
	}
	request := packp.NewReferenceUpdateRequestFromCapabilities(advertised.Capabilities)
	request.Commands = []*packp.Command{command}
	request.Packfile = io.NopCloser(bytes.NewReader(pack))
	_, err = session.ReceivePack(ctx, request)
	return err
}
