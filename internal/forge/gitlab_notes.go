package forge

import (
	"context"
	"slices"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

func (g *gitLab) login(ctx context.Context) (string, error) {
	user, _, err := g.client.Users.CurrentUser(gitlab.WithContext(ctx))
	if err != nil {
		return "", gitLabError(err)
	}
	return user.Username, nil
}

func (g *gitLab) notes(ctx context.Context, number int64) ([]note, error) {
	all, err := g.all(ctx, number)
	var notes []note
	for _, written := range all {
		if !written.System {
			notes = append(notes, note{written.ID, written.Author.Username, written.Body})
		}
	}
	return notes, err
}

// all notes, those of GitLab itself among them, oldest first.
func (g *gitLab) all(ctx context.Context, number int64) ([]*gitlab.Note, error) {
	return pages(func(page int) ([]*gitlab.Note, int, error) {
		found, response, err := g.client.Notes.ListMergeRequestNotes(g.project, number, &gitlab.ListMergeRequestNotesOptions{
			OrderBy: gitlab.Ptr("created_at"), Sort: gitlab.Ptr("asc"), ListOptions: onPage(page),
		}, gitlab.WithContext(ctx))
		if err != nil {
			return nil, 0, gitLabError(err)
		}
		return found, int(response.NextPage), nil
	})
}

func (g *gitLab) write(ctx context.Context, number int64, body string) error {
	_, _, err := g.client.Notes.CreateMergeRequestNote(g.project, number, &gitlab.CreateMergeRequestNoteOptions{Body: &body}, gitlab.WithContext(ctx))
	return gitLabError(err)
}

func (g *gitLab) edit(ctx context.Context, number, id int64, body string) error {
	_, _, err := g.client.Notes.UpdateMergeRequestNote(g.project, number, id, &gitlab.UpdateMergeRequestNoteOptions{Body: &body}, gitlab.WithContext(ctx))
	return gitLabError(err)
}

func (g *gitLab) erase(ctx context.Context, number, id int64) error {
	_, err := g.client.Notes.DeleteMergeRequestNote(g.project, number, id, gitlab.WithContext(ctx))
	return gone(gitLabError(err))
}

func (g *gitLab) words() words {
	return words{Undecided: "failed", Pending: "running", Failed: "failed", Passed: "success", Unaffected: "success"}
}

func (g *gitLab) statuses(ctx context.Context, commit string) ([]standing, error) {
	return pages(func(page int) ([]standing, int, error) {
		found, response, err := g.client.Commits.GetCommitStatuses(g.project, commit, &gitlab.GetCommitStatusesOptions{ListOptions: onPage(page)}, gitlab.WithContext(ctx))
		if err != nil {
			return nil, 0, gitLabError(err)
		}
		var there []standing
		for _, status := range found {
			there = append(there, standing{status.Name, status.Status, status.Description, status.TargetURL})
		}
		return there, int(response.NextPage), nil
	})
}

func (g *gitLab) setStatus(ctx context.Context, commit string, s standing) error {
	_, _, err := g.client.Commits.SetCommitStatus(g.project, commit, &gitlab.SetCommitStatusOptions{
		State: gitlab.BuildStateValue(s.state), Name: &s.name, Description: &s.title, TargetURL: optional(s.link),
	}, gitlab.WithContext(ctx))
	return gitLabError(err)
}

// mayWrite finds a member of the project or of a group above it. Developers are
// the first who may push; a search finds parts of names, too.
func (g *gitLab) mayWrite(ctx context.Context, login string) (bool, error) {
	members, err := pages(func(page int) ([]*gitlab.ProjectMember, int, error) {
		found, response, err := g.client.ProjectMembers.ListAllProjectMembers(g.project,
			&gitlab.ListProjectMembersOptions{Query: &login, ListOptions: onPage(page)}, gitlab.WithContext(ctx))
		if err != nil {
			return nil, 0, gitLabError(err)
		}
		return found, int(response.NextPage), nil
	})
	return slices.ContainsFunc(members, func(member *gitlab.ProjectMember) bool {
		return member.Username == login && member.State == "active" && member.AccessLevel >= gitlab.DeveloperPermissions
	}), err
}
