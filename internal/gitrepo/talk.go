package gitrepo

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// talk is one conversation with a remote: it says where its refs stand, and may
// then be asked for objects once; for more, it is begun again.
type talk struct {
	repo       *Repo
	advertised *packp.AdvRefs
	session    transport.UploadPackSession // nil when it was used
}

func (r *Repo) speak(ctx context.Context) (*talk, error) {
	bounded, patience := r.patiently(ctx)
	defer patience.end()
	endpoint := *r.endpoint // which a redirect changes
	session, err := r.client.NewUploadPackSession(&endpoint, r.auth)
	if err != nil {
		return nil, err
	}
	advertised, err := session.AdvertisedReferencesContext(bounded)
	if errors.Is(err, transport.ErrEmptyRemoteRepository) {
		return &talk{repo: r, advertised: packp.NewAdvRefs()}, session.Close()
	}
	if err != nil {
		return nil, patience.why(err)
	}
	return &talk{r, advertised, session}, nil
}

func (t *talk) close() {
	if t.session != nil {
		_ = t.session.Close() // nothing more is asked
	}
}

// wish is what one asks a remote for: what is to come, what is here already, and
// what of it to leave out.
type wish struct {
	wants, haves []plumbing.Hash
	filter       packp.Filter
}

// get receives objects. A remote that is not able to leave anything out is not
// asked to.
func (t *talk) get(ctx context.Context, wish wish) (able bool, err error) {
	if wish.filter != "" && !t.advertised.Capabilities.Supports(capability.Filter) {
		return false, nil
	}
	if t.session == nil {
		again, err := t.repo.speak(ctx)
		if err != nil {
			return true, err
		}
		t.advertised, t.session = again.advertised, again.session
	}
	bounded, patience := t.repo.patiently(ctx)
	defer patience.end()
	session := t.session
	t.session = nil
	defer session.Close()
	answer, err := session.UploadPack(bounded, t.request(wish))
	if err != nil {
		return true, cutShort(patience.why(err))
	}
	defer answer.Close()
	var pack io.Reader = &heard{answer, patience, t.repo.limits.packBytes}
	if t.advertised.Capabilities.Supports(capability.Sideband64k) {
		pack = sideband.NewDemuxer(sideband.Sideband64k, pack)
	}
	return true, cutShort(patience.why(t.repo.store.receive(pack)))
}

var errCutShort = errors.New("the remote closed the connection half-way")

func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCutShort
	}
	return err
}

func (t *talk) request(wish wish) *packp.UploadPackRequest {
	request := packp.NewUploadPackRequest()
	for _, able := range []capability.Capability{capability.Sideband64k, capability.OFSDelta, capability.NoProgress} {
		if t.advertised.Capabilities.Supports(able) {
			_ = request.Capabilities.Set(able) // takes no argument
		}
	}
	request.Wants, request.Haves = slices.Clone(wish.wants), slices.Clone(wish.haves)
	if request.Filter = wish.filter; wish.filter != "" {
		_ = request.Capabilities.Set(capability.Filter) // likewise
	}
	return request
}
