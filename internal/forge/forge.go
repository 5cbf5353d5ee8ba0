package forge

import (
	"context"
	"errors"
	"time"
)

// Forge is the place of the conversation about one repository.
type Forge interface {
	// Open lists the open pull requests, ordered by number.
	Open(ctx context.Context) ([]PullRequest, error)
	// Get reads one pull request, whatever its state.
	Get(ctx context.Context, number int64) (PullRequest, error)
	// Report makes each check stand on a commit. A check that stands is not
	// written again; checks of other names are left alone.
	Report(ctx context.Context, commit string, checks []Check) error
	// Announce writes a check where we have none of its name on the commit yet:
	// who begins says so at once, and takes back nothing that was said.
	Announce(ctx context.Context, commit string, check Check) error
	// Suspend writes each check over one of its name that does not block: what is
	// judged anew must not pass for judged. What blocks goes on blocking as it is.
	Suspend(ctx context.Context, commit string, checks []Check) error
	// Comment makes the comment with this key read as given: it is written
	// once and edited from then on.
	Comment(ctx context.Context, number int64, comment Comment) error
	// Merge merges what was judged and nothing else, and answers with the merge
	// commit. A pull request that was merged at that head before is a success.
	Merge(ctx context.Context, merge Merge) (commit string, err error)
	// Propose opens a pull request, or answers with the open one between the same branches.
	Propose(ctx context.Context, proposal Proposal) (PullRequest, error)
	// Reviews gives the last word of each reviewer, ordered by login.
	Reviews(ctx context.Context, number int64) ([]Review, error)
	// Remarks are the comments of others, in the order in which they were written.
	Remarks(ctx context.Context, number int64) ([]Remark, error)
	// MayWrite reports whether a login may push to the repository now.
	MayWrite(ctx context.Context, login string) (bool, error)
}

// What a forge may answer; they come wrapped.
var (
	ErrNotFound = errors.New("not found")
	ErrMoved    = errors.New("is not what was judged any more")
	ErrRefused  = errors.New("refused by the forge")
	ErrClosed   = errors.New("closed without a merge")
)

// State is where a pull request stands.
type State string

const (
	Open   State = "open"
	Merged State = "merged"
	Closed State = "closed"
)

// PullRequest is a change that somebody asks for.
type PullRequest struct {
	Number      int64
	State       State
	Draft       bool
	Title       string
	Author      string // login
	Head        string // commit
	Branch      string // that the head is the tip of; in the fork, if it is one
	Base        string // branch
	BaseCommit  string // tip of the base branch, asked of the branch itself; empty unless open
	Fork        bool   // the head is in another repository, or in one that is gone
	MergeCommit string // once merged
	URL         string // for people
}

// Merge is a decision about exactly one head.
type Merge struct {
	Number  int64
	Head    string // required
	Base    string // commit; when given, a base branch that moved on is ErrMoved
	Message string
}

// Proposal is a pull request to be opened between two branches of the repository.
type Proposal struct {
	Branch, Base string
	Title, Body  string
}

// Stance is what a reviewer says last.
type Stance string

const (
	Approved Stance = "approved"
	Rejected Stance = "rejected" // asks for changes
)

// Review is the last word of one reviewer. What was withdrawn or dismissed is
// none, nor is a remark. In a public repository anybody may review: whose word
// counts is not for the forge to say.
type Review struct {
	Reviewer string // login
	Stance   Stance
	Commit   string // what was looked at; empty if the forge cannot say
	At       time.Time
	Inferred bool // the forge does not say the commit: it was the head at that time
}

// Remark is a comment of somebody else.
type Remark struct {
	Author string // login
	Text   string
}

// Comment is what one writer says on a pull request, in one place.
type Comment struct {
	Key  string // tells the comments of one login apart: lower-case letters, digits and dashes
	Text string // Markdown
	Link string // where the rest is, if the text is too long

	Quiet bool // there need be none: one that stands is edited
}
