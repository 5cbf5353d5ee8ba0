package forge

import (
	"context"
	"maps"
	"slices"

	"code.gitea.io/sdk/gitea"
)

func (g *forgejo) reviews(ctx context.Context, pull PullRequest) ([]Review, error) {
	found, err := giteaPages(ctx, g, func(client *gitea.Client, page gitea.ListOptions) ([]*gitea.PullReview, *gitea.Response, error) {
		return client.ListPullReviews(g.owner, g.repo, pull.Number, gitea.ListPullReviewsOptions{ListOptions: page})
	})
	var reviews []Review
	for _, review := range found {
		stance, decides := map[gitea.ReviewStateType]Stance{gitea.ReviewStateApproved: Approved, gitea.ReviewStateRequestChanges: Rejected}[review.State]
		if !decides || review.Reviewer == nil {
			continue
		}
		if review.Dismissed {
			stance = ""
		}
		reviews = append(reviews, Review{Reviewer: review.Reviewer.UserName, Stance: stance, Commit: review.CommitID, At: review.Submitted})
	}
	return reviews, err
}

func (g *forgejo) login(ctx context.Context) (string, error) {
	client, err := g.client(ctx)
	if err != nil {
		return "", err
	}
	user, response, err := client.GetMyUserInfo()
	if err != nil {
		return "", giteaError(response, err)
	}
	return user.UserName, nil
}

// notes come all at once: Gitea does not page the comments of an issue.
func (g *forgejo) notes(ctx context.Context, number int64) ([]note, error) {
	client, err := g.client(ctx)
	if err != nil {
		return nil, err
	}
	found, response, err := client.ListIssueComments(g.owner, g.repo, number, gitea.ListIssueCommentOptions{})
	if err != nil {
		return nil, giteaError(response, err)
	}
	var notes []note
	for _, comment := range found {
		if comment.Poster != nil {
			notes = append(notes, note{comment.ID, comment.Poster.UserName, comment.Body})
		}
	}
	return notes, nil
}

func (g *forgejo) write(ctx context.Context, number int64, body string) error {
	client, err := g.client(ctx)
	if err != nil {
		return err
	}
	_, response, err := client.CreateIssueComment(g.owner, g.repo, number, gitea.CreateIssueCommentOption{Body: body})
	return giteaError(response, err)
}

func (g *forgejo) edit(ctx context.Context, _, id int64, body string) error {
	client, err := g.client(ctx)
	if err != nil {
		return err
	}
	_, response, err := client.EditIssueComment(g.owner, g.repo, id, gitea.EditIssueCommentOption{Body: body})
	return giteaError(response, err)
}

func (g *forgejo) erase(ctx context.Context, _, id int64) error {
	client, err := g.client(ctx)
	if err != nil {
		return err
	}
	response, err := client.DeleteIssueComment(g.owner, g.repo, id)
	return gone(giteaError(response, err))
}

func (g *forgejo) words() words {
	return words{Undecided: "error", Pending: "pending", Failed: "failure", Passed: "success", Unaffected: "success"}
}

// statuses reads the history of a commit and keeps the last of each name: the
// combined status, which would say the same, shows one page of it.
func (g *forgejo) statuses(ctx context.Context, commit string) ([]standing, error) {
	history, err := giteaPages(ctx, g, func(client *gitea.Client, page gitea.ListOptions) ([]*gitea.Status, *gitea.Response, error) {
		return client.ListStatuses(g.owner, g.repo, commit, gitea.ListStatusesOption{ListOptions: page})
	})
	last := map[string]*gitea.Status{}
	for _, status := range history {
		if known, is := last[status.Context]; !is || status.ID > known.ID {
			last[status.Context] = status
		}
	}
	var there []standing
	for _, name := range slices.Sorted(maps.Keys(last)) {
		there = append(there, standing{name, string(last[name].State), last[name].Description, last[name].TargetURL})
	}
	return there, err
}

func (g *forgejo) setStatus(ctx context.Context, commit string, s standing) error {
	client, err := g.client(ctx)
	if err != nil {
		return err
	}
	_, response, err := client.CreateStatus(g.owner, g.repo, commit, gitea.CreateStatusOption{
		State: gitea.StatusState(s.state), Context: s.name, Description: s.title, TargetURL: s.link,
	})
	return giteaError(response, err)
}

// mayWrite needs a credential that administers the repository: Gitea tells
// nobody else what another may.
func (g *forgejo) mayWrite(ctx context.Context, login string) (bool, error) {
	client, err := g.client(ctx)
	if err != nil {
		return false, err
	}
	level, response, err := client.CollaboratorPermission(g.owner, g.repo, login)
	if err != nil || level == nil {
		return false, giteaError(response, err)
	}
	return slices.Contains([]gitea.AccessMode{gitea.AccessModeWrite, gitea.AccessModeAdmin, gitea.AccessModeOwner}, level.Permission), nil
}
