package forgetest

import "slices"

// Pull is a copy of a pull request.
func (m *Model) Pull(number int64) Pull {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.pulls[number-1]
}

// Statuses are those of a commit, all that were ever set.
func (m *Model) Statuses(commit string) []Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.statuses), func(s Status) bool { return s.Commit != commit })
}

// Runs are the check runs of a commit.
func (m *Model) Runs(commit string) []Run {
	m.mu.Lock()
	defer m.mu.Unlock()
	var runs []Run
	for _, run := range m.runs {
		if run.Commit == commit {
			runs = append(runs, *run)
		}
	}
	return runs
}

// Comments are those of a pull request that people see.
func (m *Model) Comments(number int64) []Comment {
	m.mu.Lock()
	defer m.mu.Unlock()
	var comments []Comment
	for _, comment := range m.comments {
		if comment.Pull == number && !comment.System {
			comments = append(comments, *comment)
		}
	}
	return comments
}

// Writes are the requests that changed something or tried to, in order.
func (m *Model) Writes() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.writes)
}

// Reads counts the requests that read, and how many of them were answered
// with nothing new.
func (m *Model) Reads() (all, unchanged int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads, m.unchanged
}
