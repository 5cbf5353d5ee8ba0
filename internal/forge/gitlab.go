package forge

import (
	"context"
	"errors"
	"net/http"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

// gitLab speaks REST API version 4 of GitLab, where a pull request is a merge
// request. https://docs.gitlab.com/api/rest/
type gitLab struct {
	client  *gitlab.Client
	project string
}

// NewGitLab is the forge of a project in GitLab. It has no annotations: they
// belong into the comment.
func NewGitLab(remote Remote) (Forge, error) {
	if _, _, err := remote.split(); err != nil {
		return nil, err
	}
	base, err := remote.base()
	if err != nil {
		return nil, err
	}
	wire, err := remote.client(base, "Bearer")
	if err != nil {
		return nil, err
	}
	client, err := gitlab.NewAuthSourceClient(gitlab.Unauthenticated{}, // the transport has the token
		gitlab.WithBaseURL(base.String()), gitlab.WithHTTPClient(wire), gitlab.WithoutRetries(), gitlab.WithCustomLimiter(unlimited{}))
	if err != nil {
		return nil, err
	}
	return &hosted{api: &gitLab{client, remote.Repository}, repository: remote.Repository, login: remote.Login}, nil
}

// unlimited leaves the limits to the budget, which is shared.
type unlimited struct{}

func (unlimited) Wait(context.Context) error { return nil }

func (g *gitLab) pulls(ctx context.Context) ([]PullRequest, error) {
	return pages(func(page int) ([]PullRequest, int, error) {
		found, response, err := g.client.MergeRequests.ListProjectMergeRequests(g.project, &gitlab.ListProjectMergeRequestsOptions{
			State: gitlab.Ptr("opened"), OrderBy: gitlab.Ptr("created_at"), Sort: gitlab.Ptr("asc"), ListOptions: onPage(page),
		}, gitlab.WithContext(ctx))
		if err != nil {
			return nil, 0, gitLabError(err)
		}
		var pulls []PullRequest
		for _, request := range found {
			pulls = append(pulls, mergeRequest(request))
		}
		return pulls, int(response.NextPage), nil
	})
}

func onPage(page int) gitlab.ListOptions { return gitlab.ListOptions{Page: int64(page), PerPage: 100} }

func mergeRequest(m *gitlab.BasicMergeRequest) PullRequest {
	pull := PullRequest{
		Number: m.IID, State: Closed, Draft: m.Draft, Title: m.Title, Head: m.SHA, Branch: m.SourceBranch, Base: m.TargetBranch,
		Fork: m.SourceProjectID != m.TargetProjectID || m.SourceProjectID == 0, URL: m.WebURL,
	}
	if m.Author != nil {
		pull.Author = m.Author.Username
	}
	switch m.State {
	case "opened", "locked": // locked: while it is being merged
		pull.State = Open
	case "merged":
		pull.State, pull.MergeCommit = Merged, m.MergeCommitSHA
	}
	return pull
}

func (g *gitLab) pull(ctx context.Context, number int64) (PullRequest, error) {
	found, _, err := g.client.MergeRequests.GetMergeRequest(g.project, number, nil, gitlab.WithContext(ctx))
	if err != nil {
		return PullRequest{}, gitLabError(err)
	}
	return mergeRequest(&found.BasicMergeRequest), nil
}

func (g *gitLab) tip(ctx context.Context, branch string) (string, error) {
	found, _, err := g.client.Branches.GetBranch(g.project, branch, gitlab.WithContext(ctx))
	if err != nil {
		return "", gitLabError(err)
	}
	if found.Commit == nil {
		return "", ErrNotFound
	}
	return found.Commit.ID, nil
}

func (g *gitLab) merge(ctx context.Context, merge Merge) error {
	options := &gitlab.AcceptMergeRequestOptions{SHA: &merge.Head, Squash: gitlab.Ptr(false)}
	options.MergeCommitMessage = optional(merge.Message)
	_, _, err := g.client.MergeRequests.AcceptMergeRequest(g.project, merge.Number, options, gitlab.WithContext(ctx))
	return gitLabError(err)
}

func (g *gitLab) create(ctx context.Context, proposal Proposal) (PullRequest, error) {
	created, _, err := g.client.MergeRequests.CreateMergeRequest(g.project, &gitlab.CreateMergeRequestOptions{
		Title: &proposal.Title, Description: &proposal.Body, SourceBranch: &proposal.Branch, TargetBranch: &proposal.Base,
	}, gitlab.WithContext(ctx))
	if err != nil {
		return PullRequest{}, gitLabError(err)
	}
	return mergeRequest(&created.BasicMergeRequest), nil
}

func gitLabError(err error) error {
	if errors.Is(err, gitlab.ErrNotFound) {
		return named(http.StatusNotFound, "", err)
	}
	var answer *gitlab.ErrorResponse
	if !errors.As(err, &answer) || answer.Response == nil {
		return err
	}
	return named(answer.Response.StatusCode, answer.Message, err)
}
