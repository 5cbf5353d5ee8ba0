package forgetest

import "net/http"

// Gitea serves the routes of Gitea and Forgejo, many of which are GitHub's.
// https://docs.gitea.com/api/
func (m *Model) Gitea() http.Handler {
	repo := "/repos/" + m.repository
	table := map[string]route{
		"GET /user":                               func(c *call) (any, *refusal) { return login(c.user.Login), nil },
		"GET " + repo + "/branches/{branch...}":   m.giteaBranch,
		"GET " + repo + "/pulls":                  m.gitHubPulls,
		"POST " + repo + "/pulls":                 m.giteaPropose,
		"GET " + repo + "/pulls/{n}":              m.gitHubPull,
		"POST " + repo + "/pulls/{n}/merge":       m.giteaMerge,
		"GET " + repo + "/pulls/{n}/reviews":      m.giteaReviews,
		"GET " + repo + "/commits/{sha}/statuses": m.giteaStatuses,
		"POST " + repo + "/statuses/{sha}": func(c *call) (any, *refusal) {
			return created{giteaStatus(m.setStatus(Status{Commit: c.PathValue("sha"), Name: c.text("context"), State: c.text("state"), Title: c.text("description"), Link: c.text("target_url")}))}, nil
		},
	}
	m.addGitHubComments(repo, table)
	table["GET "+repo+"/issues/{n}/comments"] = func(c *call) (any, *refusal) { // all of them, and no pages
		return each(m.commentsOn(c.number("n"), false), commentObject), nil
	}
	return m.routes("/api/v1", table)
}

func (m *Model) giteaBranch(c *call) (any, *refusal) {
	commit := m.branches[c.PathValue("branch")]
	if commit == "" {
		return nil, absent
	}
	return map[string]any{"name": c.PathValue("branch"), "commit": map[string]any{"id": commit}}, nil
}

func (m *Model) giteaPropose(c *call) (any, *refusal) {
	pull, refused := m.propose(c.user.Login, c.text("title"), c.text("head"), c.text("base"))
	if refused != nil {
		return nil, refused
	}
	return created{m.pullObject(pull)}, nil
}

func (m *Model) giteaMerge(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	if c.text("Do") != "merge" {
		return nil, invalid
	}
	if refused := m.merge(pull, c.text("head_commit_id")); refused != nil {
		return nil, refused
	}
	return map[string]any{}, nil
}

var giteaReview = map[string]string{"approved": "APPROVED", "rejected": "REQUEST_CHANGES", "commented": "COMMENT", "dismissed": "APPROVED"}

func (m *Model) giteaReviews(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	return each(page(m, c, pull.Reviews), func(review Review) map[string]any {
		return map[string]any{
			"id": review.ID, "user": login(review.Login), "state": giteaReview[review.State], "commit_id": review.Commit,
			"submitted_at": review.At, "dismissed": review.State == "dismissed",
		}
	}), nil
}

func giteaStatus(s Status) map[string]any {
	return map[string]any{"id": s.ID, "context": s.Name, "status": s.State, "description": s.Title, "target_url": s.Link}
}

// giteaStatuses is the whole history of a commit.
func (m *Model) giteaStatuses(c *call) (any, *refusal) {
	var history []Status
	for _, status := range m.statuses {
		if status.Commit == c.PathValue("sha") {
			history = append(history, status)
		}
	}
	return each(page(m, c, history), giteaStatus), nil
}
