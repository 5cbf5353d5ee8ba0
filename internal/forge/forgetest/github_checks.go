package forgetest

import "slices"

func (m *Model) addGitHubChecks(repo string, table map[string]route) {
	table["GET "+repo+"/commits/{sha}/status"] = func(c *call) (any, *refusal) {
		return map[string]any{"sha": c.PathValue("sha"), "statuses": each(page(m, c, m.latest(c.PathValue("sha"))), gitHubStatus)}, nil
	}
	table["POST "+repo+"/statuses/{sha}"] = func(c *call) (any, *refusal) {
		if len([]rune(c.text("description"))) > 140 {
			return nil, invalid
		}
		return created{gitHubStatus(m.setStatus(Status{Commit: c.PathValue("sha"), Name: c.text("context"), State: c.text("state"), Title: c.text("description"), Link: c.text("target_url")}))}, nil
	}
	table["GET "+repo+"/commits/{sha}/check-runs"] = m.listRuns
	table["POST "+repo+"/check-runs"] = m.createRun
	table["PATCH "+repo+"/check-runs/{id}"] = m.updateRun
}

func gitHubStatus(s Status) map[string]any {
	return map[string]any{"id": s.ID, "context": s.Name, "state": s.State, "description": s.Title, "target_url": s.Link}
}

func runObject(run *Run) map[string]any {
	object := map[string]any{
		"id": run.ID, "name": run.Name, "head_sha": run.Commit, "status": run.Status, "conclusion": run.Conclusion, "external_id": run.External,
		"details_url": run.Link, "app": map[string]any{"slug": run.App},
		"output": map[string]any{"title": run.Title, "summary": run.Summary, "annotations_count": len(run.Annotations)},
	}
	if run.Conclusion == "" {
		object["conclusion"] = nil
	}
	return object
}

func (m *Model) listRuns(c *call) (any, *refusal) {
	var on []*Run
	for _, run := range m.runs {
		if run.Commit == c.PathValue("sha") {
			on = append(on, run)
		}
	}
	slices.Reverse(on) // the newest first
	return map[string]any{"total_count": len(on), "check_runs": each(page(m, c, on), runObject)}, nil
}

func (m *Model) createRun(c *call) (any, *refusal) {
	if c.user.App == "" {
		return nil, forbidden // "You must authenticate via a GitHub App."
	}
	run := &Run{ID: m.id(), App: c.user.App, Commit: c.text("head_sha"), Name: c.text("name")}
	if refused := run.take(c); refused != nil {
		return nil, refused
	}
	m.runs = append(m.runs, run)
	return created{runObject(run)}, nil
}

func (m *Model) updateRun(c *call) (any, *refusal) {
	for _, run := range m.runs {
		if run.ID != c.number("id") {
			continue
		}
		if run.App != c.user.App {
			return nil, forbidden
		}
		if refused := run.take(c); refused != nil {
			return nil, refused
		}
		return runObject(run), nil
	}
	return nil, absent
}

// take adds annotations to those that are there, and does not reopen what has
// finished.
func (r *Run) take(c *call) *refusal {
	output, _ := c.form["output"].(map[string]any)
	remarks, _ := output["annotations"].([]any)
	summary, _ := output["summary"].(string)
	if len(remarks) > 50 || len(summary) > 65_535 || c.text("status") == "completed" && c.text("conclusion") == "" {
		return invalid
	}
	if r.Status != "completed" || c.text("status") == "completed" {
		r.Status, r.Conclusion = c.text("status"), c.text("conclusion")
	}
	for _, remark := range remarks {
		object, _ := remark.(map[string]any)
		r.Annotations = append(r.Annotations, object)
	}
	r.External, r.Link, r.Summary = c.text("external_id"), c.text("details_url"), summary
	r.Title, _ = output["title"].(string)
	return nil
}
