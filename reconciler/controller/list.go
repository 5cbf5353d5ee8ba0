package controller

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/api/equality"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

// maxPulls bounds the list in a status: the newest are kept.
const maxPulls = 100

// list is what was said last about the open pull requests, in the status of
// their Repository. It begins with what stands there, and from then on it knows
// better than a cache, which may lag behind what was just written.
type list struct {
	book *book

	mu   sync.Mutex
	held map[name][]kube.PullRequest
}

var outcomes = map[forge.Outcome]string{
	forge.Undecided: "Undecided", forge.Pending: "Pending", forge.Failed: "Denied", forge.Passed: "Allowed", forge.Unaffected: "Unaffected",
}

// note adds what a look came to, and takes away what is open no more.
func (l *list) note(ctx context.Context, of name, outcome conversation.Outcome) error {
	return l.change(ctx, of, func(pulls []kube.PullRequest) []kube.PullRequest {
		pulls = slices.DeleteFunc(pulls, func(one kube.PullRequest) bool { return one.Number == outcome.Number })
		if outcome.State != forge.Open || outcome.Head == "" {
			return pulls
		}
		return append(pulls, kube.PullRequest{Number: outcome.Number, Head: outcome.Head, Outcome: outcomes[outcome.Check], Link: outcome.Link})
	})
}

// keep takes away all that are not open.
func (l *list) keep(ctx context.Context, of name, open []forge.PullRequest) error {
	return l.change(ctx, of, func(pulls []kube.PullRequest) []kube.PullRequest {
		return slices.DeleteFunc(pulls, func(one kube.PullRequest) bool {
			return !slices.ContainsFunc(open, func(other forge.PullRequest) bool { return other.Number == one.Number })
		})
	})
}

func (l *list) change(ctx context.Context, of name, change func([]kube.PullRequest) []kube.PullRequest) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var repository kube.Repository
	if err := l.book.client.Get(ctx, of, &repository); err != nil {
		return client.IgnoreNotFound(err)
	}
	before, known := l.held[of]
	if !known {
		before = repository.Status.PullRequests
	}
	after := change(slices.Clone(before))
	slices.SortFunc(after, func(a, b kube.PullRequest) int { return cmp.Compare(b.Number, a.Number) })
	after = after[:min(len(after), maxPulls)]
	if equality.Semantic.DeepEqual(before, after) {
		return nil
	}
	part := kube.RepositoryStatus{PullRequests: after}
	if err := applyStatus(ctx, l.book.client, &repository, "Repository", ownerOfPulls, &part, nil); err != nil {
		return err
	}
	l.held[of] = after
	return nil
}

// forget a repository that is gone.
func (l *list) forget(of name) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, of)
}
