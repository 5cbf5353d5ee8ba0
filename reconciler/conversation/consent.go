package conversation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// consent is a person's word that a head may be looked into.
type consent struct {
	given   bool
	unasked bool // the credential may not ask who may write
}

// command is what a person writes to have a head judged, followed by the head:
// a word that names no commit would count for whatever is pushed a moment later.
const command = "/assay check"

// maxAsked bounds how many people one look asks about: anybody may comment.
const maxAsked = 50

// consent looks for a person who may write and has approved of exactly this
// head, by a review or by the command. The newest words come first.
func (c *Conversation) consent(ctx context.Context, pull forge.PullRequest) (*consent, error) {
	reviews, err := c.forge.Reviews(ctx, pull.Number)
	if err != nil {
		return nil, err
	}
	remarks, err := c.forge.Remarks(ctx, pull.Number)
	if err != nil {
		return nil, err
	}
	for _, login := range vouchers(pull.Head, reviews, remarks) {
		may, err := c.forge.MayWrite(ctx, login)
		if errors.Is(err, forge.ErrRefused) {
			return &consent{unasked: true}, nil
		}
		if err != nil || may {
			return &consent{given: may}, err
		}
	}
	return &consent{}, nil
}

// vouchers are those who say that this head may be judged, whoever they are.
// Where the forge infers what a review was of, a push just before it would count.
func vouchers(head string, reviews []forge.Review, remarks []forge.Remark) []string {
	var logins []string
	add := func(login string) {
		if len(logins) < maxAsked && !slices.Contains(logins, login) {
			logins = append(logins, login)
		}
	}
	for _, review := range reviews {
		if review.Stance == forge.Approved && review.Commit == head && !review.Inferred {
			add(review.Reviewer)
		}
	}
	for _, remark := range slices.Backward(remarks) {
		if commands(remark.Text, head) {
			add(remark.Author)
		}
	}
	return logins
}

// commands holds for a remark whose first line is the command with this head.
func commands(text, head string) bool {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return head != "" && strings.Join(strings.Fields(line), " ") == command+" "+head
}
