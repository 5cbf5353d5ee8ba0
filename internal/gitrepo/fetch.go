package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
)

// Fetch asks the remote where some refs stand, and gets the commits that came
// since; nothing is got when nothing moved. A branch that was force-pushed moves,
// a branch that a pattern covered and that is gone goes. A ref is a branch
// ("main"), a pattern of branches ("env/*") or a full name ("refs/notes/assay");
// none means all branches, all notes and all tags of approvals. A ref without "*"
// must exist. Those who ask at the same time share one answer.
func (r *Repo) Fetch(ctx context.Context, refs ...string) error {
	if len(refs) == 0 {
		refs = []string{"*", "refs/notes/*", Approvals + "*"}
	}
	var specs []config.RefSpec
	for _, ref := range refs {
		spec := config.RefSpec(fmt.Sprintf("+%[1]s:%[1]s", fullName(ref)))
		if err := spec.Validate(); err != nil {
			return fmt.Errorf("fetching %q: %w", ref, err)
		}
		specs = append(specs, spec)
	}
	const doing = "fetching from"
	ticket := r.tickets.Add(1)
	if err := r.take(ctx); err != nil {
		return r.explain(ctx, doing, err)
	}
	defer r.give()
	return r.explain(ctx, doing, r.fetch(ctx, specs, ticket))
}

// take waits for the turn to speak with the remote.
func (r *Repo) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *Repo) give() { <-r.turn }

func (r *Repo) fetch(ctx context.Context, specs []config.RefSpec, ticket uint64) error {
	anew, err := r.store.heal()
	if err != nil {
		return err
	}
	talk, err := r.look(ctx, ticket)
	if err != nil {
		return err
	}
	defer talk.close()
	r.let.Store(true)
	matched, err := match(talk.advertised.References, specs, r.limits.refs)
	if err != nil {
		return err
	}
	if anew {
		specs = r.again(specs, talk.advertised.References, matched)
	}
	if err := r.get(ctx, talk, slices.Collect(maps.Values(matched))); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.refs, func(name plumbing.ReferenceName, _ plumbing.Hash) bool { return covered(specs, name) })
	maps.Copy(r.refs, matched)
	return nil
}

// look asks where all refs stand, or takes the answer to a question that was
// asked after the ticket was drawn.
func (r *Repo) look(ctx context.Context, ticket uint64) (*talk, error) {
	if r.looked != nil && r.lookedAt >= ticket {
		return &talk{repo: r, advertised: r.looked}, nil
	}
	at := r.tickets.Load()
	talk, err := r.speak(ctx)
	if err != nil {
		return nil, err
	}
	r.looked, r.lookedAt = nil, at
	if len(talk.advertised.References) <= sharedRefs {
		r.looked = talk.advertised
	}
	return talk, nil
}

// sharedRefs is how many refs are kept for those who ask meanwhile.
const sharedRefs = 10_000

func covered(specs []config.RefSpec, name plumbing.ReferenceName) bool {
	return slices.ContainsFunc(specs, func(spec config.RefSpec) bool { return spec.Match(name) })
}

// match picks the refs that are asked for. What is asked for by name has to be
// there, if anything is.
func match(all map[string]plumbing.Hash, specs []config.RefSpec, limit int) (map[plumbing.ReferenceName]plumbing.Hash, error) {
	matched := map[plumbing.ReferenceName]plumbing.Hash{}
	for name, hash := range all {
		if ref := plumbing.ReferenceName(name); covered(specs, ref) && ref.Validate() == nil {
			matched[ref] = hash
		}
	}
	if len(matched) > limit {
		return nil, fmt.Errorf("%d refs match, more than %d: delete branches that nobody needs", len(matched), limit)
	}
	for _, spec := range specs {
		if _, there := matched[plumbing.ReferenceName(spec.Src())]; len(all) > 0 && !spec.IsWildcard() && !there {
			return nil, fmt.Errorf("%w: %s", errNoRef, spec.Src())
		}
	}
	return matched, nil
}

// again has everything that was fetched before fetched once more, into a store
// that is new.
func (r *Repo) again(specs []config.RefSpec, all map[string]plumbing.Hash, matched map[plumbing.ReferenceName]plumbing.Hash) []config.RefSpec {
	r.supplied = nil
	r.mu.RLock()
	defer r.mu.RUnlock()
	for name := range r.refs {
		if hash, there := all[name.String()]; there {
			matched[name] = hash
		}
		specs = append(specs, config.RefSpec(name+":"+name))
	}
	return specs
}

// get brings the commits that the store has not, with all that they consist of
// but the contents of files.
func (r *Repo) get(ctx context.Context, talk *talk, tips []plumbing.Hash) error {
	wanted := slices.DeleteFunc(tips, r.store.has)
	if len(wanted) == 0 {
		return nil
	}
	haves := r.haves()
	for part := range slices.Chunk(wanted, wantsAtOnce) {
		if err := r.pull(ctx, talk, part, haves); err != nil {
			return err
		}
		haves = append(haves, part...)
	}
	return r.store.remember(wanted)
}

const wantsAtOnce = 1000

// pull gets commits without the contents of files; from a remote that cannot
// leave these out, with them.
func (r *Repo) pull(ctx context.Context, talk *talk, wants, haves []plumbing.Hash) error {
	if !r.plain {
		able, err := talk.get(ctx, wish{wants: wants, haves: haves, filter: packp.FilterBlobNone()})
		if able && (err == nil || ctx.Err() != nil || errors.Is(err, errCutShort)) {
			return err
		}
		r.plain = true
	}
	_, err := talk.get(ctx, wish{wants: wants, haves: haves})
	return err
}

// haves are commits that the remote need not send again.
func (r *Repo) haves() []plumbing.Hash {
	found := r.store.tips()
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, hash := range r.refs {
		if len(found) < maxTips && r.store.has(hash) {
			found = append(found, hash)
		}
	}
	return found
}

// tip is where the remote has a ref now; the zero hash when it has none.
func (r *Repo) tip(ctx context.Context, ref plumbing.ReferenceName) (plumbing.Hash, error) {
	err := r.Fetch(ctx, ref.String())
	if err != nil && !errors.Is(err, errNoRef) {
		return plumbing.ZeroHash, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		delete(r.refs, ref)
	}
	return r.refs[ref], nil
}
