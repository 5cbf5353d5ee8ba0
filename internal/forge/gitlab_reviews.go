package forge

import (
	"context"
	"time"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

// approving is GitLab's own note about an approval. Notes of the system
// cannot be written by anybody.
const approving = "approved this merge request"

// reviews of GitLab are approvals of the merge request, and not of a commit:
// unless the project takes them away on a push, they outlive it. What was
// approved is found by time: the last version of the merge request that was
// there when GitLab noted the approval. Where there is no such note the
// commit stays empty, and an approval of nothing in particular is what it is.
func (g *gitLab) reviews(ctx context.Context, pull PullRequest) ([]Review, error) {
	approvals, _, err := g.client.MergeRequestApprovals.GetConfiguration(g.project, pull.Number, gitlab.WithContext(ctx))
	if err != nil {
		return nil, gitLabError(err)
	}
	if len(approvals.ApprovedBy) == 0 {
		return nil, nil
	}
	times, err := g.approvalTimes(ctx, pull.Number)
	if err != nil {
		return nil, err
	}
	versions, err := g.versions(ctx, pull.Number)
	if err != nil {
		return nil, err
	}
	var reviews []Review
	for _, approver := range approvals.ApprovedBy {
		if approver.User == nil {
			continue
		}
		at := times[approver.User.Username]
		reviews = append(reviews, Review{Reviewer: approver.User.Username, Stance: Approved, Commit: headAt(versions, at), At: at, Inferred: true})
	}
	return reviews, nil
}

// approvalTimes says when each login approved last.
func (g *gitLab) approvalTimes(ctx context.Context, number int64) (map[string]time.Time, error) {
	notes, err := g.all(ctx, number)
	times := map[string]time.Time{}
	for _, written := range notes {
		if written.System && written.Body == approving && written.CreatedAt != nil {
			times[written.Author.Username] = *written.CreatedAt
		}
	}
	return times, err
}

func (g *gitLab) versions(ctx context.Context, number int64) ([]*gitlab.MergeRequestDiffVersion, error) {
	return pages(func(page int) ([]*gitlab.MergeRequestDiffVersion, int, error) {
		found, response, err := g.client.MergeRequests.GetMergeRequestDiffVersions(g.project, number,
			&gitlab.GetMergeRequestDiffVersionsOptions{ListOptions: onPage(page)}, gitlab.WithContext(ctx))
		if err != nil {
			return nil, 0, gitLabError(err)
		}
		return found, int(response.NextPage), nil
	})
}

// headAt is the head that a merge request showed at an instant.
func headAt(versions []*gitlab.MergeRequestDiffVersion, at time.Time) string {
	var head string
	var newest time.Time
	for _, version := range versions {
		if created := version.CreatedAt; created != nil && !created.After(at) && created.After(newest) {
			head, newest = version.HeadCommitSHA, *created
		}
	}
	return head
}
