package forgetest

import (
	"net/http"
	"strings"
)

// GitHub serves the routes of a GitHub Enterprise Server.
// https://docs.github.com/en/enterprise-server/rest
func (m *Model) GitHub() http.Handler {
	repo := "/repos/" + m.repository
	table := map[string]route{
		"GET /user":                          m.gitHubUser,
		"GET " + repo + "/git/ref/{ref...}":  m.gitHubRef,
		"GET " + repo + "/pulls":             m.gitHubPulls,
		"POST " + repo + "/pulls":            m.gitHubPropose,
		"GET " + repo + "/pulls/{n}":         m.gitHubPull,
		"PUT " + repo + "/pulls/{n}/merge":   m.gitHubMerge,
		"GET " + repo + "/pulls/{n}/reviews": m.gitHubReviews,
	}
	m.addGitHubComments(repo, table)
	m.addGitHubChecks(repo, table)
	return m.routes("/api/v3", table)
}

func (m *Model) gitHubUser(c *call) (any, *refusal) {
	if c.user.App != "" {
		return nil, forbidden
	}
	return login(c.user.Login), nil
}

func login(name string) map[string]any { return map[string]any{"login": name} }

func (m *Model) gitHubRef(c *call) (any, *refusal) {
	commit := m.branches[strings.TrimPrefix(c.PathValue("ref"), "heads/")]
	if commit == "" {
		return nil, absent
	}
	return map[string]any{"ref": "refs/" + c.PathValue("ref"), "object": map[string]any{"type": "commit", "sha": commit}}, nil
}

// pullObject is what GitHub and Gitea share. GitHub's base.sha is that of some time ago.
func (m *Model) pullObject(pull *Pull) map[string]any {
	head := map[string]any{"id": 1}
	if pull.Fork {
		head = map[string]any{"id": 2}
	}
	state := "open"
	if pull.State != "open" {
		state = "closed"
	}
	return map[string]any{
		"id": 1000 + pull.Number, "number": pull.Number, "state": state, "draft": pull.Draft, "title": pull.Title, "user": login(pull.Author),
		"head":   map[string]any{"ref": pull.Branch, "sha": pull.Head, "repo": head, "repo_id": head["id"]},
		"base":   map[string]any{"ref": pull.Base, "sha": Commit("base of some time ago"), "repo": map[string]any{"id": 1}, "repo_id": 1},
		"merged": pull.State == "merged", "merge_commit_sha": m.trial(pull), "html_url": "https://forge.example/pull",
	}
}

// trial is what merge_commit_sha holds before the merge: the commit of a test.
func (m *Model) trial(pull *Pull) string {
	if pull.State == "merged" {
		return pull.MergeCommit
	}
	return Commit("trial", pull.Head)
}

func (m *Model) gitHubPulls(c *call) (any, *refusal) {
	return each(page(m, c, m.openPulls()), m.pullObject), nil
}

func (m *Model) gitHubPull(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	return m.pullObject(pull), nil
}

func (m *Model) gitHubPropose(c *call) (any, *refusal) {
	pull, refused := m.propose(c.user.Login, c.text("title"), c.text("head"), c.text("base"))
	if refused != nil {
		return nil, &refusal{http.StatusUnprocessableEntity, refused.message} // GitHub: 422 for both
	}
	return created{m.pullObject(pull)}, nil
}

func (m *Model) gitHubMerge(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	if refused := m.merge(pull, c.text("sha")); refused != nil {
		return nil, refused
	}
	return map[string]any{"sha": pull.MergeCommit, "merged": true, "message": "Pull Request successfully merged"}, nil
}

var gitHubReview = map[string]string{"approved": "APPROVED", "rejected": "CHANGES_REQUESTED", "commented": "COMMENTED", "dismissed": "DISMISSED"}

func (m *Model) gitHubReviews(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	return each(page(m, c, pull.Reviews), func(review Review) map[string]any {
		return map[string]any{"id": review.ID, "user": login(review.Login), "state": gitHubReview[review.State], "commit_id": review.Commit, "submitted_at": review.At}
	}), nil
}
