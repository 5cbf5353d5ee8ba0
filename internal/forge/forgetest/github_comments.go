package forgetest

func (m *Model) addGitHubComments(repo string, table map[string]route) {
	table["GET "+repo+"/issues/{n}/comments"] = func(c *call) (any, *refusal) {
		return each(page(m, c, m.commentsOn(c.number("n"), false)), commentObject), nil
	}
	table["POST "+repo+"/issues/{n}/comments"] = m.addComment
	table["PATCH "+repo+"/issues/comments/{id}"] = m.editComment
	table["DELETE "+repo+"/issues/comments/{id}"] = m.deleteComment
	table["GET "+repo+"/collaborators/{login}/permission"] = func(c *call) (any, *refusal) {
		level := "read" // of whoever can see the repository
		if m.writers[c.PathValue("login")] {
			level = "write"
		}
		return map[string]any{"permission": level, "role_name": level, "user": login(c.PathValue("login"))}, nil
	}
}

func commentObject(comment *Comment) map[string]any {
	return map[string]any{"id": comment.ID, "user": login(comment.Login), "body": comment.Body, "created_at": comment.At}
}

func (m *Model) addComment(c *call) (any, *refusal) {
	if m.find(c.number("n")) == nil {
		return nil, absent
	}
	if tooLong(c.text("body")) {
		return nil, invalid
	}
	return created{commentObject(m.say(c.number("n"), c.user.Login, c.text("body")))}, nil
}

// editComment lets whoever may write edit anybody's comment, as GitHub does.
func (m *Model) editComment(c *call) (any, *refusal) {
	comment := m.comment(0, c.number("id"))
	if comment == nil {
		return nil, absent
	}
	if tooLong(c.text("body")) {
		return nil, invalid
	}
	comment.Body = c.text("body")
	return commentObject(comment), nil
}

func (m *Model) deleteComment(c *call) (any, *refusal) {
	comment := m.comment(0, c.number("id"))
	if comment == nil {
		return nil, absent
	}
	m.erase(comment)
	return nil, nil
}
