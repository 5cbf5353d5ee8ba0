package forge

import (
	"context"
	"errors"
	"net/url"

	"github.com/google/go-github/v84/github"
)

func (g *gitHub) login(ctx context.Context) (string, error) {
	user, _, err := g.client.Users.Get(ctx, "")
	if err = gitHubError(err); errors.Is(err, ErrRefused) {
		return "", errors.New("an installation of an App cannot ask who it is: give the login, <app>[bot]")
	}
	return user.GetLogin(), err
}

func (g *gitHub) notes(ctx context.Context, number int64) ([]note, error) {
	return pages(func(page int) ([]note, int, error) {
		found, response, err := g.client.Issues.ListComments(ctx, g.owner, g.repo, int(number),
			&github.IssueListCommentsOptions{ListOptions: github.ListOptions{Page: page, PerPage: 100}})
		if err != nil {
			return nil, 0, gitHubError(err)
		}
		var notes []note
		for _, comment := range found {
			notes = append(notes, note{comment.GetID(), comment.GetUser().GetLogin(), comment.GetBody()})
		}
		return notes, response.NextPage, nil
	})
}

func (g *gitHub) write(ctx context.Context, number int64, body string) error {
	_, _, err := g.client.Issues.CreateComment(ctx, g.owner, g.repo, int(number), &github.IssueComment{Body: &body})
	return gitHubError(err)
}

func (g *gitHub) edit(ctx context.Context, _, id int64, body string) error {
	_, _, err := g.client.Issues.EditComment(ctx, g.owner, g.repo, id, &github.IssueComment{Body: &body})
	return gitHubError(err)
}

func (g *gitHub) erase(ctx context.Context, _, id int64) error {
	_, err := g.client.Issues.DeleteComment(ctx, g.owner, g.repo, id)
	return gone(gitHubError(err))
}

// gone makes it a success that somebody else erased it.
func gone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// mayWrite reads "admin", "write", "read" or "none"; who maintains may write,
// and who only triages may read.
func (g *gitHub) mayWrite(ctx context.Context, login string) (bool, error) {
	level, _, err := g.client.Repositories.GetPermissionLevel(ctx, g.owner, g.repo, url.PathEscape(login))
	return level.GetPermission() == "write" || level.GetPermission() == "admin", gitHubError(err)
}
