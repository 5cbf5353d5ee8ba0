package forgetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Model is the state of one repository on a forge.
type Model struct {
	// MakeMerge makes the merge commit; nil is a name made of both. It must not ask the model.
	MakeMerge func(base, head string) (commit string, err error)
	// Fault is asked before each request.
	Fault func(*http.Request) Fault
	// Now is the time; nil is a clock that ticks with each act.
	Now func() time.Time
	// PageSize is that of lists; 0 is what the client asks for.
	PageSize int
	// Silent lists do not say that they go on, as some of Gitea's do not.
	Silent bool

	repository string
	mu         sync.Mutex
	users      map[string]User // by token
	writers    map[string]bool // logins that may push
	branches   map[string]string
	pulls      []*Pull
	statuses   []Status
	runs       []*Run
	comments   []*Comment
	ids        int64
	ticks      int64
	writes     []string
	reads      int
	unchanged  int
}

// User is who a token belongs to.
type User struct {
	Login string
	App   string // slug of an App; its tokens may write check runs
}

// Pull is a pull request.
type Pull struct {
	Number             int64
	Title, Author      string
	Branch, Head, Base string
	Fork, Draft        bool
	State              string // open, closed, merged
	MergeCommit        string
	Reviews            []Review
	Versions           []Version
}

// Version is a head that a pull request had.
type Version struct {
	Head string
	At   time.Time
}

// Review is what a reviewer said.
type Review struct {
	ID            int64
	Login, Commit string
	State         string // approved, rejected, commented, dismissed
	At            time.Time
}

// Status is a commit status.
type Status struct {
	ID                               int64
	Commit, Name, State, Title, Link string
}

// Run is a check run.
type Run struct {
	ID                                                     int64
	App, Commit, Name, Status, Conclusion, External, Title string
	Summary, Link                                          string
	Annotations                                            []map[string]any
}

// Comment is a comment on a pull request.
type Comment struct {
	ID, Pull    int64
	Login, Body string
	System      bool // GitLab's own notes
	At          time.Time
}

// Fault is what goes wrong with a request; the zero Fault is nothing.
type Fault struct {
	Done   bool // it is carried out before the answer goes wrong
	Status int  // 0 with Cut unset: nothing goes wrong
	Header map[string]string
	Body   string
	Cut    bool // the connection ends without an answer
}

// New is an empty repository, owner/name.
func New(repository string) *Model {
	return &Model{repository: repository, users: map[string]User{}, writers: map[string]bool{}, branches: map[string]string{}}
}

// Commit is a name for a commit, made of words.
func Commit(words ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(words...)))
	return hex.EncodeToString(sum[:20])
}

// Grant gives a token to a user.
func (m *Model) Grant(token string, user User) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users[token] = user
}

// Admit lets a login push to the repository.
func (m *Model) Admit(login string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writers[login] = true
}

// SetBranch moves a branch; an empty commit deletes it.
func (m *Model) SetBranch(name, commit string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.branches[name] = commit
	if commit == "" {
		delete(m.branches, name)
	}
}

// OpenPull opens a pull request and answers with its number.
func (m *Model) OpenPull(pull Pull) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.open(pull).Number
}

func (m *Model) open(pull Pull) *Pull {
	pull.Number, pull.State = int64(len(m.pulls)+1), "open"
	pull.Versions = []Version{{pull.Head, m.now()}}
	m.pulls = append(m.pulls, &pull)
	return &pull
}

// Push moves the head of a pull request.
func (m *Model) Push(number int64, head string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	pull := m.pulls[number-1]
	pull.Head, pull.Versions = head, append(pull.Versions, Version{head, m.now()})
}

// Close closes a pull request without a merge.
func (m *Model) Close(number int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pulls[number-1].State = "closed"
}

// Review adds a review of the head of now. States are those of [Review].
func (m *Model) Review(number int64, login, state string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	pull := m.pulls[number-1]
	pull.Reviews = append(pull.Reviews, Review{m.id(), login, pull.Head, state, m.now()})
	if state == "approved" {
		m.comments = append(m.comments, &Comment{ID: m.id(), Pull: number, Login: login, Body: "approved this merge request", System: true, At: m.now()})
	}
}

// AddRun adds a check run of somebody.
func (m *Model) AddRun(run Run) {
	m.mu.Lock()
	defer m.mu.Unlock()
	run.ID = m.id()
	m.runs = append(m.runs, &run)
}

// Say adds a comment of somebody.
func (m *Model) Say(number int64, login, body string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.say(number, login, body)
}

func (m *Model) say(number int64, login, body string) *Comment {
	comment := &Comment{ID: m.id(), Pull: number, Login: login, Body: body, At: m.now()}
	m.comments = append(m.comments, comment)
	return comment
}

func (m *Model) id() int64 { m.ids++; return m.ids }

func (m *Model) now() time.Time {
	if m.Now != nil {
		return m.Now()
	}
	m.ticks++
	return time.Unix(1_790_000_000+m.ticks, 0).UTC()
}
