package assembly

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

var _ conversation.Merging = (*Workshop)(nil).Merging

// Merging says whether a pull request is merged without a person: one that this
// workshop proposed and signed, that the plan of this moment still asks for, into
// environments that say so themselves, and that nobody objects to. The approvals
// that they require are a rule (change.roles), and so in the verdict already.
func (w *Workshop) Merging(ctx context.Context, pull forge.PullRequest, reviews []forge.Review, judged report.Report) (bool, string, error) {
	proposed, ours, err := w.proposedByUs(pull)
	if err != nil || !ours || !judged.Allowed {
		return false, "", err
	}
	world, err := w.World(ctx, pull.Base)
	if err != nil {
		return false, "", err
	}
	if !unattended(world, proposed.Environment, judged) {
		return false, "", nil
	}
	objects := func(review forge.Review) bool { return review.Stance == forge.Rejected }
	switch {
	case slices.ContainsFunc(reviews, objects):
		return false, "a reviewer asks for changes", nil
	case !slices.ContainsFunc(environment.Plan(world), proposed.Same):
		return false, "it is not what would be proposed now", nil
	}
	return true, "", nil
}

// proposedByUs reads the proposal of a pull request that is one commit of this
// workshop. Whoever may push can name a branch and write a trailer, so what counts
// is the signature: it covers the files, the message and what they are based on.
func (w *Workshop) proposedByUs(pull forge.PullRequest) (environment.Proposal, bool, error) {
	none := environment.Proposal{}
	rest, fine := strings.CutPrefix(pull.Branch, "change/"+pull.Base+"/")
	way, name, named := strings.Cut(rest, "/")
	if pull.Fork || !fine || !named || way != string(environment.Promote) && way != string(environment.Rollback) {
		return none, false, nil
	}
	key, err := w.options.committer()
	if err != nil || key == nil {
		return none, false, err
	}
	commit, err := w.Repository.Resolve(pull.Head)
	if err != nil {
		return none, false, err
	}
	signed, err := w.Repository.SignedCommit(commit.Hash)
	if err != nil {
		return none, false, err
	}
	trailer := fmt.Sprintf("\n%s%s\n", proposalTrailer, way)
	if len(commit.Parents) != 1 || !strings.HasSuffix(commit.Message, trailer) || len(signed.Signature) == 0 || key.Verify(signed.Payload, signed.Signature) != nil {
		return none, false, nil
	}
	proposed, read := w.proposalOn(name, environment.Way(way), commit.Hash)
	return proposed, read, nil
}

// unattended holds when every environment that a change bears on says that the
// reconciler merges. They are asked as they are merged, not as they are proposed.
func unattended(world environment.World, promoted string, judged report.Report) bool {
	bears := []string{promoted}
	for _, one := range judged.Promotions {
		bears = append(bears, one.Environment)
	}
	return !slices.ContainsFunc(bears, func(name string) bool {
		here, _ := world.Find(name, "")
		return here == nil || here.Spec.Merge != v1alpha1.Automatic
	})
}
