package forgetest

import (
	"net/http"
	"unicode/utf8"
)

// refusal is an answer that is an error; the forges number some differently.
type refusal struct {
	status  int
	message string
}

var (
	absent    = &refusal{http.StatusNotFound, "Not Found"}
	forbidden = &refusal{http.StatusForbidden, "Resource not accessible by this token"}
	moved     = &refusal{http.StatusConflict, "Head branch was modified. Review and try the merge again."}
	stuck     = &refusal{http.StatusMethodNotAllowed, "Pull Request is not mergeable"}
	taken     = &refusal{http.StatusConflict, "A pull request already exists"}
	invalid   = &refusal{http.StatusUnprocessableEntity, "Validation Failed"}
)

// find is nil for a number that is none.
func (m *Model) find(number int64) *Pull {
	if number < 1 || number > int64(len(m.pulls)) {
		return nil
	}
	return m.pulls[number-1]
}

func (m *Model) openPulls() []*Pull {
	var open []*Pull
	for _, pull := range m.pulls {
		if pull.State == "open" {
			open = append(open, pull)
		}
	}
	return open
}

// merge accepts a head, as all three forges do.
func (m *Model) merge(pull *Pull, head string) *refusal {
	switch {
	case pull.State != "open":
		return stuck
	case head != "" && head != pull.Head:
		return moved
	}
	commit := Commit(m.branches[pull.Base], pull.Head)
	if m.MakeMerge != nil {
		var err error
		if commit, err = m.MakeMerge(m.branches[pull.Base], pull.Head); err != nil {
			return stuck
		}
	}
	pull.State, pull.MergeCommit = "merged", commit
	m.branches[pull.Base] = commit
	return nil
}

// propose opens a pull request between branches of the repository.
func (m *Model) propose(login, title, branch, base string) (*Pull, *refusal) {
	for _, pull := range m.openPulls() {
		if pull.Branch == branch && pull.Base == base && !pull.Fork {
			return nil, taken
		}
	}
	if m.branches[branch] == "" || m.branches[base] == "" {
		return nil, invalid
	}
	return m.open(Pull{Title: title, Author: login, Branch: branch, Head: m.branches[branch], Base: base}), nil
}

func (m *Model) comment(number, id int64) *Comment {
	for _, comment := range m.comments {
		if comment.ID == id && (number == 0 || comment.Pull == number) {
			return comment
		}
	}
	return nil
}

// commentsOn are in the order in which they were written.
func (m *Model) commentsOn(number int64, system bool) []*Comment {
	var on []*Comment
	for _, comment := range m.comments {
		if comment.Pull == number && (system || !comment.System) {
			on = append(on, comment)
		}
	}
	return on
}

func (m *Model) erase(comment *Comment) {
	for i, other := range m.comments {
		if other == comment {
			m.comments = append(m.comments[:i], m.comments[i+1:]...)
			return
		}
	}
}

// maxBody is GitHub's and Gitea's limit on a comment, in characters.
const maxBody = 65_536

func tooLong(body string) bool { return body == "" || utf8.RuneCountInString(body) > maxBody }

func (m *Model) setStatus(status Status) Status {
	status.ID = m.id()
	m.statuses = append(m.statuses, status)
	return status
}

// latest are the last statuses of each name of a commit.
func (m *Model) latest(commit string) []Status {
	var last []Status
	for _, status := range m.statuses {
		if status.Commit != commit {
			continue
		}
		for i := range last {
			if last[i].Name == status.Name {
				last = append(last[:i], last[i+1:]...)
				break
			}
		}
		last = append(last, status)
	}
	return last
}
