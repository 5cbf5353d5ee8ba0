package forgetest

import "net/http"

// GitLab serves the routes of a GitLab. https://docs.gitlab.com/api/
func (m *Model) GitLab() http.Handler {
	table := map[string]route{
		"GET /user": func(c *call) (any, *refusal) { return map[string]any{"id": 1, "username": c.user.Login}, nil },
		"GET /projects/{p}/repository/branches/{branch}": m.gitLabBranch,
		"GET /projects/{p}/merge_requests": func(c *call) (any, *refusal) {
			return each(page(m, c, m.openPulls()), gitLabRequest), nil
		},
		"POST /projects/{p}/merge_requests":                  m.gitLabPropose,
		"GET /projects/{p}/merge_requests/{n}":               m.gitLabGet,
		"PUT /projects/{p}/merge_requests/{n}/merge":         m.gitLabMerge,
		"GET /projects/{p}/merge_requests/{n}/approvals":     m.gitLabApprovals,
		"GET /projects/{p}/merge_requests/{n}/versions":      m.gitLabVersions,
		"GET /projects/{p}/merge_requests/{n}/notes":         m.gitLabNotes,
		"POST /projects/{p}/merge_requests/{n}/notes":        m.gitLabAddNote,
		"PUT /projects/{p}/merge_requests/{n}/notes/{id}":    m.editNote,
		"DELETE /projects/{p}/merge_requests/{n}/notes/{id}": m.deleteComment,
		"GET /projects/{p}/repository/commits/{sha}/statuses": func(c *call) (any, *refusal) {
			return each(page(m, c, m.latest(c.PathValue("sha"))), gitLabStatus), nil
		},
		"POST /projects/{p}/statuses/{sha}": m.gitLabSetStatus,
		"GET /projects/{p}/members/all":     m.gitLabMembers,
	}
	for pattern, serve := range table {
		table[pattern] = func(c *call) (any, *refusal) {
			if project := c.PathValue("p"); project != "" && project != m.repository {
				return nil, absent
			}
			return serve(c)
		}
	}
	return m.routes("/api/v4", table)
}

func gitLabUser(name string) map[string]any { return map[string]any{"username": name} }

func (m *Model) gitLabBranch(c *call) (any, *refusal) {
	commit := m.branches[c.PathValue("branch")]
	if commit == "" {
		return nil, absent
	}
	return map[string]any{"name": c.PathValue("branch"), "commit": map[string]any{"id": commit}}, nil
}

func gitLabRequest(pull *Pull) map[string]any {
	source := 1
	if pull.Fork {
		source = 2
	}
	state := map[string]string{"open": "opened", "closed": "closed", "merged": "merged"}[pull.State]
	return map[string]any{
		"id": 1000 + pull.Number, "iid": pull.Number, "state": state, "draft": pull.Draft, "title": pull.Title, "author": gitLabUser(pull.Author),
		"sha": pull.Head, "source_branch": pull.Branch, "target_branch": pull.Base, "source_project_id": source, "target_project_id": 1,
		"merge_commit_sha": pull.MergeCommit, "web_url": "https://forge.example/-/merge_requests",
	}
}

func (m *Model) gitLabGet(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	return gitLabRequest(pull), nil
}

func (m *Model) gitLabPropose(c *call) (any, *refusal) {
	pull, refused := m.propose(c.user.Login, c.text("title"), c.text("source_branch"), c.text("target_branch"))
	if refused != nil {
		return nil, refused
	}
	return created{gitLabRequest(pull)}, nil
}

func (m *Model) gitLabMerge(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	if refused := m.merge(pull, c.text("sha")); refused != nil {
		return nil, refused
	}
	return gitLabRequest(pull), nil
}

// gitLabApprovals says who approves now. Only the last review of each counts.
func (m *Model) gitLabApprovals(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	last, order := map[string]string{}, []string(nil)
	for _, review := range pull.Reviews {
		if _, known := last[review.Login]; !known {
			order = append(order, review.Login)
		}
		last[review.Login] = review.State
	}
	approvedBy := []map[string]any{}
	for _, name := range order {
		if last[name] == "approved" {
			approvedBy = append(approvedBy, map[string]any{"user": gitLabUser(name)})
		}
	}
	return map[string]any{"iid": pull.Number, "approved_by": approvedBy}, nil
}

func (m *Model) gitLabVersions(c *call) (any, *refusal) {
	pull := m.find(c.number("n"))
	if pull == nil {
		return nil, absent
	}
	return each(page(m, c, pull.Versions), func(v Version) map[string]any {
		return map[string]any{"head_commit_sha": v.Head, "created_at": v.At}
	}), nil
}
