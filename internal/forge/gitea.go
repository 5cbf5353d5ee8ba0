package forge

import (
	"context"
	"net/http"

	"code.gitea.io/sdk/gitea"
)

// forgejo speaks REST API version 1 of Gitea, which Forgejo has kept.
// https://docs.gitea.com/api/ and https://forgejo.org/docs/latest/user/api-usage/
type forgejo struct {
	base        string
	wire        *http.Client
	owner, repo string
}

// NewGitea is the forge of a repository in Gitea or Forgejo. It has no
// annotations: they belong into the comment.
func NewGitea(remote Remote) (Forge, error) {
	owner, repo, err := remote.split()
	if err != nil {
		return nil, err
	}
	base, err := remote.base()
	if err != nil {
		return nil, err
	}
	wire, err := remote.client(base, "token")
	if err != nil {
		return nil, err
	}
	forge := &forgejo{base.String(), wire, owner, repo}
	return &hosted{api: forge, repository: remote.Repository, login: remote.Login}, nil
}

// client is made for each request: the SDK keeps the context in it. It asks
// for no version, since Forgejo counts its own.
func (g *forgejo) client(ctx context.Context) (*gitea.Client, error) {
	return gitea.NewClient(g.base, gitea.SetContext(ctx), gitea.SetHTTPClient(g.wire), gitea.SetGiteaVersion(""))
}

// giteaPage is the size of a page: servers give 50 at most unless told otherwise.
const giteaPage = 50

func giteaPages[T any](ctx context.Context, g *forgejo, read func(*gitea.Client, gitea.ListOptions) ([]T, *gitea.Response, error)) ([]T, error) {
	client, err := g.client(ctx)
	if err != nil {
		return nil, err
	}
	return pages(func(page int) ([]T, int, error) {
		items, response, err := read(client, gitea.ListOptions{Page: page, PageSize: giteaPage})
		if err != nil {
			return nil, 0, giteaError(response, err)
		}
		next := response.NextPage
		if next == 0 && len(items) == giteaPage { // not every list says that there is more
			next = page + 1
		}
		return items, next, nil
	})
}

func (g *forgejo) pulls(ctx context.Context) ([]PullRequest, error) {
	found, err := giteaPages(ctx, g, func(client *gitea.Client, page gitea.ListOptions) ([]*gitea.PullRequest, *gitea.Response, error) {
		return client.ListRepoPullRequests(g.owner, g.repo, gitea.ListPullRequestsOptions{State: gitea.StateOpen, Sort: "oldest", ListOptions: page})
	})
	var pulls []PullRequest
	for _, pull := range found {
		pulls = append(pulls, giteaPull(pull))
	}
	return pulls, err
}

func giteaPull(p *gitea.PullRequest) PullRequest {
	pull := PullRequest{Number: p.Index, State: Closed, Draft: p.Draft, Title: p.Title, Fork: true, URL: p.HTMLURL}
	if p.Poster != nil {
		pull.Author = p.Poster.UserName
	}
	if p.Head != nil {
		pull.Head, pull.Branch = p.Head.Sha, p.Head.Ref
	}
	if p.Base != nil {
		pull.Base = p.Base.Ref
	}
	if p.Head != nil && p.Base != nil && p.Head.RepoID != 0 {
		pull.Fork = p.Head.RepoID != p.Base.RepoID
	}
	switch {
	case p.HasMerged:
		pull.State = Merged
		if p.MergedCommitID != nil {
			pull.MergeCommit = *p.MergedCommitID
		}
	case p.State == gitea.StateOpen:
		pull.State = Open
	}
	return pull
}

func (g *forgejo) pull(ctx context.Context, number int64) (PullRequest, error) {
	client, err := g.client(ctx)
	if err != nil {
		return PullRequest{}, err
	}
	found, response, err := client.GetPullRequest(g.owner, g.repo, number)
	if err != nil {
		return PullRequest{}, giteaError(response, err)
	}
	return giteaPull(found), nil
}

func (g *forgejo) tip(ctx context.Context, branch string) (string, error) {
	client, err := g.client(ctx)
	if err != nil {
		return "", err
	}
	found, response, err := client.GetRepoBranch(g.owner, g.repo, branch)
	if err != nil {
		return "", giteaError(response, err)
	}
	if found.Commit == nil {
		return "", ErrNotFound
	}
	return found.Commit.ID, nil
}

func (g *forgejo) merge(ctx context.Context, merge Merge) error {
	client, err := g.client(ctx)
	if err != nil {
		return err
	}
	done, response, err := client.MergePullRequest(g.owner, g.repo, merge.Number, gitea.MergePullRequestOption{
		Style: gitea.MergeStyleMerge, Message: merge.Message, HeadCommitId: merge.Head,
	})
	if err == nil && !done {
		err = named(response.StatusCode, response.Status, ErrRefused)
	}
	return giteaError(response, err)
}

func (g *forgejo) create(ctx context.Context, proposal Proposal) (PullRequest, error) {
	client, err := g.client(ctx)
	if err != nil {
		return PullRequest{}, err
	}
	created, response, err := client.CreatePullRequest(g.owner, g.repo, gitea.CreatePullRequestOption{
		Head: proposal.Branch, Base: proposal.Base, Title: proposal.Title, Body: proposal.Body,
	})
	if err != nil {
		return PullRequest{}, giteaError(response, err)
	}
	return giteaPull(created), nil
}

func giteaError(response *gitea.Response, err error) error {
	if err == nil || response == nil || response.Response == nil || response.StatusCode < 400 {
		return err
	}
	return named(response.StatusCode, err.Error(), err)
}
