package forge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// api is what the clients of the forges do alike: one request each, or one
// list. What is decided about the answers is decided once, in hosted.
type api interface {
	pulls(ctx context.Context) ([]PullRequest, error)
	pull(ctx context.Context, number int64) (PullRequest, error)
	tip(ctx context.Context, branch string) (commit string, err error)
	merge(ctx context.Context, merge Merge) error
	create(ctx context.Context, proposal Proposal) (PullRequest, error)
	reviews(ctx context.Context, pull PullRequest) ([]Review, error)

	login(ctx context.Context) (string, error)
	mayWrite(ctx context.Context, login string) (bool, error)
	notes(ctx context.Context, number int64) ([]note, error)
	write(ctx context.Context, number int64, body string) error
	edit(ctx context.Context, number, id int64, body string) error
	erase(ctx context.Context, number, id int64) error

	words() words
	statuses(ctx context.Context, commit string) ([]standing, error) // the last of each name
	setStatus(ctx context.Context, commit string, status standing) error
}

// maxPages bounds every list: a hundred to the page.
const maxPages = 50

var errEndless = fmt.Errorf("the list has more than %d pages", maxPages)

// hosted is a Forge over the API of one.
type hosted struct {
	api        api
	repository string

	mu    sync.Mutex
	login string // ours; asked once
}

func (h *hosted) name(number int64) string { return fmt.Sprintf("%s#%d", h.repository, number) }

func (h *hosted) self(ctx context.Context) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.login != "" {
		return h.login, nil
	}
	login, err := h.api.login(ctx)
	if err != nil {
		return "", fmt.Errorf("asking for our own login: %w", err)
	}
	if login == "" {
		return "", errors.New("the forge does not say who we are: give the login")
	}
	h.login = login
	return login, nil
}

// Open asks each base branch for its tip: what pull requests say of it is the
// base of some time ago (GitHub) or nothing (GitLab).
func (h *hosted) Open(ctx context.Context) ([]PullRequest, error) {
	ctx = urgently(ctx, listing)
	pulls, err := h.api.pulls(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing pull requests of %s: %w", h.repository, err)
	}
	tips := map[string]string{}
	for i, pull := range pulls {
		if _, asked := tips[pull.Base]; !asked {
			if tips[pull.Base], err = h.tip(ctx, pull.Base); err != nil {
				return nil, err
			}
		}
		pulls[i].BaseCommit = tips[pull.Base]
	}
	sortBy(pulls, func(p PullRequest) int64 { return p.Number })
	return pulls, nil
}

// tip of a branch; a base branch that was deleted has none.
func (h *hosted) tip(ctx context.Context, branch string) (string, error) {
	commit, err := h.api.tip(ctx, branch)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("asking for branch %s of %s: %w", branch, h.repository, err)
	}
	return commit, nil
}

// Get reads a pull request, and its base branch if it is open.
func (h *hosted) Get(ctx context.Context, number int64) (PullRequest, error) {
	pull, err := h.api.pull(ctx, number)
	if err != nil {
		return PullRequest{}, fmt.Errorf("reading %s: %w", h.name(number), err)
	}
	if pull.State == Open {
		pull.BaseCommit, err = h.tip(ctx, pull.Base)
	}
	return pull, err
}

// Propose looks before and after: of two writers one opens it, and both find it.
func (h *hosted) Propose(ctx context.Context, proposal Proposal) (PullRequest, error) {
	ctx = urgently(ctx, reporting)
	if found, err := h.proposed(ctx, proposal); err != nil || found.Number != 0 {
		return found, err
	}
	created, err := h.api.create(ctx, proposal)
	if err == nil {
		return h.Get(ctx, created.Number)
	}
	if found, again := h.proposed(ctx, proposal); again == nil && found.Number != 0 {
		return found, nil
	}
	return PullRequest{}, fmt.Errorf("proposing %s for %s of %s: %w", proposal.Branch, proposal.Base, h.repository, err)
}

func (h *hosted) proposed(ctx context.Context, proposal Proposal) (PullRequest, error) {
	pulls, err := h.Open(urgently(ctx, reporting))
	if err != nil {
		return PullRequest{}, err
	}
	for _, pull := range pulls {
		if !pull.Fork && pull.Branch == proposal.Branch && pull.Base == proposal.Base {
			return pull, nil
		}
	}
	return PullRequest{}, nil
}

// Reviews gives one review for each login: the last that decides.
func (h *hosted) Reviews(ctx context.Context, number int64) ([]Review, error) {
	ctx = urgently(ctx, reporting)
	pull, err := h.api.pull(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", h.name(number), err)
	}
	reviews, err := h.api.reviews(ctx, pull)
	if err != nil {
		return nil, fmt.Errorf("reading the reviews of %s: %w", h.name(number), err)
	}
	slices.SortStableFunc(reviews, func(a, b Review) int {
		return cmp.Or(strings.Compare(a.Reviewer, b.Reviewer), a.At.Compare(b.At))
	})
	var last []Review
	for i, review := range reviews {
		if i+1 < len(reviews) && reviews[i+1].Reviewer == review.Reviewer || review.Stance == "" {
			continue
		}
		last = append(last, review)
	}
	return last, nil
}

func sortBy[T any](list []T, key func(T) int64) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// pages reads a list page by page; next is 0 on the last.
func pages[T any](read func(page int) (items []T, next int, err error)) ([]T, error) {
	var all []T
	page := 1
	for range maxPages {
		items, next, err := read(page)
		all = append(all, items...)
		if err != nil || next == 0 {
			return all, err
		}
		page = next
	}
	return nil, errEndless
}
