package forgetest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

func gitLabNote(comment *Comment) map[string]any {
	return map[string]any{"id": comment.ID, "author": gitLabUser(comment.Login), "body": comment.Body, "system": comment.System, "created_at": comment.At}
}

func (m *Model) gitLabNotes(c *call) (any, *refusal) {
	return each(page(m, c, m.commentsOn(c.number("n"), true)), gitLabNote), nil
}

func (m *Model) gitLabAddNote(c *call) (any, *refusal) {
	if m.find(c.number("n")) == nil {
		return nil, absent
	}
	return created{gitLabNote(m.say(c.number("n"), c.user.Login, c.text("body")))}, nil
}

func (m *Model) editNote(c *call) (any, *refusal) {
	comment := m.comment(c.number("n"), c.number("id"))
	if comment == nil {
		return nil, absent
	}
	comment.Body = c.text("body")
	return gitLabNote(comment), nil
}

func gitLabStatus(s Status) map[string]any {
	return map[string]any{"id": s.ID, "name": s.Name, "status": s.State, "description": s.Title, "target_url": s.Link, "sha": s.Commit}
}

// gitLabSetStatus refuses what is no transition, as GitLab's state machine does.
func (m *Model) gitLabSetStatus(c *call) (any, *refusal) {
	status := Status{Commit: c.PathValue("sha"), Name: c.text("name"), State: c.text("state"), Title: c.text("description"), Link: c.text("target_url")}
	for _, last := range m.latest(status.Commit) {
		if last.Name == status.Name && last.State == status.State && status.State == "running" {
			return nil, &refusal{http.StatusBadRequest, `Cannot transition status via :run from :running`}
		}
	}
	return created{gitLabStatus(m.setStatus(status))}, nil
}

// gitLabMembers finds parts of names: 20 reports, 30 develops.
func (m *Model) gitLabMembers(c *call) (any, *refusal) {
	found := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(m.writers)) {
		if strings.Contains(name, c.URL.Query().Get("query")) {
			found = append(found, map[string]any{"username": name, "state": "active", "access_level": 30})
		}
	}
	return page(m, c, found), nil
}
