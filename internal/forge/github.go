package forge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/go-github/v84/github"
)

// gitHub speaks REST API version 3 of GitHub and GitHub Enterprise Server.
// https://docs.github.com/en/rest
type gitHub struct {
	client      *github.Client
	credential  Credential
	owner, repo string
	us          string // Remote.Login
}

// NewGitHub is the forge of a repository on GitHub. With the token of an App's installation
// (see [App]) checks are check runs with annotations, else commit statuses.
func NewGitHub(remote Remote) (Forge, error) {
	owner, repo, err := remote.split()
	if err != nil {
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
	client := github.NewClient(wire)
	client.BaseURL = gitHubAPI(base)
	client.DisableRateLimitCheck = true // the budget knows better: it is shared
	forge := &gitHub{client: client, credential: remote.Credential, owner: owner, repo: repo, us: remote.Login}
	return &hosted{api: forge, repository: remote.Repository, login: remote.Login}, nil
}

// gitHubAPI is api.github.com, or /api/v3/ of a server of one's own.
func gitHubAPI(base *url.URL) *url.URL {
	if base.Host == "github.com" {
		return &url.URL{Scheme: base.Scheme, Host: "api.github.com", Path: "/"}
	}
	return base.JoinPath("/api/v3/")
}

func (g *gitHub) pulls(ctx context.Context) ([]PullRequest, error) {
	return pages(func(page int) ([]PullRequest, int, error) {
		found, response, err := g.client.PullRequests.List(ctx, g.owner, g.repo, &github.PullRequestListOptions{
			State: "open", Sort: "created", Direction: "asc", ListOptions: github.ListOptions{Page: page, PerPage: 100},
		})
		if err != nil {
			return nil, 0, gitHubError(err)
		}
		var pulls []PullRequest
		for _, pull := range found {
			pulls = append(pulls, g.pullRequest(pull))
		}
		return pulls, response.NextPage, nil
	})
}

func (g *gitHub) pullRequest(p *github.PullRequest) PullRequest {
	state := Open
	switch {
	case p.GetMerged() || p.MergedAt != nil:
		state = Merged
	case p.GetState() != "open":
		state = Closed
	}
	pull := PullRequest{
		Number: int64(p.GetNumber()), State: state, Draft: p.GetDraft(), Title: p.GetTitle(), Author: p.GetUser().GetLogin(),
		Head: p.GetHead().GetSHA(), Branch: p.GetHead().GetRef(), Base: p.GetBase().GetRef(), URL: p.GetHTMLURL(),
		Fork: p.GetHead().GetRepo().GetID() == 0 || p.GetHead().GetRepo().GetID() != p.GetBase().GetRepo().GetID(),
	}
	if state == Merged { // before the merge this field holds a trial merge
		pull.MergeCommit = p.GetMergeCommitSHA()
	}
	return pull
}

func (g *gitHub) pull(ctx context.Context, number int64) (PullRequest, error) {
	found, _, err := g.client.PullRequests.Get(ctx, g.owner, g.repo, int(number))
	if err != nil {
		return PullRequest{}, gitHubError(err)
	}
	return g.pullRequest(found), nil
}

func (g *gitHub) tip(ctx context.Context, branch string) (string, error) {
	ref, _, err := g.client.Git.GetRef(ctx, g.owner, g.repo, "heads/"+branch)
	return ref.GetObject().GetSHA(), gitHubError(err)
}

func (g *gitHub) merge(ctx context.Context, merge Merge) error {
	_, _, err := g.client.PullRequests.Merge(ctx, g.owner, g.repo, int(merge.Number), merge.Message,
		&github.PullRequestOptions{SHA: merge.Head, MergeMethod: "merge"})
	return gitHubError(err)
}

func (g *gitHub) create(ctx context.Context, proposal Proposal) (PullRequest, error) {
	created, _, err := g.client.PullRequests.Create(ctx, g.owner, g.repo, &github.NewPullRequest{
		Title: &proposal.Title, Head: &proposal.Branch, Base: &proposal.Base, Body: &proposal.Body,
	})
	if err != nil {
		return PullRequest{}, gitHubError(err)
	}
	return g.pullRequest(created), nil
}

func (g *gitHub) reviews(ctx context.Context, pull PullRequest) ([]Review, error) {
	return pages(func(page int) ([]Review, int, error) {
		found, response, err := g.client.PullRequests.ListReviews(ctx, g.owner, g.repo, int(pull.Number), &github.ListOptions{Page: page, PerPage: 100})
		if err != nil {
			return nil, 0, gitHubError(err)
		}
		var reviews []Review
		for _, review := range found {
			stance, decides := map[string]Stance{"APPROVED": Approved, "CHANGES_REQUESTED": Rejected, "DISMISSED": ""}[review.GetState()]
			if decides {
				reviews = append(reviews, Review{Reviewer: review.GetUser().GetLogin(), Stance: stance, Commit: review.GetCommitID(), At: review.GetSubmittedAt().Time})
			}
		}
		return reviews, response.NextPage, nil
	})
}

// gitHubError names what the forge means by a status.
func gitHubError(err error) error {
	var answer *github.ErrorResponse
	if !errors.As(err, &answer) || answer.Response == nil {
		return err
	}
	told := answer.Message
	for _, detail := range answer.Errors {
		told += ": " + detail.Message
	}
	return named(answer.Response.StatusCode, told, err)
}

// named gives the statuses that the three forges share their names. What the
// forge tells is shortened: it ends in a condition.
func named(status int, told string, err error) error {
	switch told = clip(told, 300); status {
	case http.StatusNotFound:
		return fmt.Errorf("%w: the credential may not see it, or it is gone", ErrNotFound)
	case http.StatusConflict:
		return fmt.Errorf("%w: %s", ErrMoved, told)
	case http.StatusMethodNotAllowed, http.StatusUnprocessableEntity, http.StatusNotAcceptable, http.StatusForbidden, http.StatusUnauthorized, http.StatusBadRequest:
		return fmt.Errorf("%w: %s", ErrRefused, told)
	}
	return err
}
