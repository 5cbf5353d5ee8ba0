package promotion

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Account is what the history of a repository tells of a promotion.
type Account struct {
	Recipe    string           // hash of the commit that made the recipe what it is
	Authors   []string         // addresses of those who made the content what it is, in order
	Approvals []gates.Approval // of exactly this content
	Void      []gates.Approval // of this change as it was before its last push
	Withdrawn []gates.Approval // of this content, by a key that was revoked
	Unfit     []string         // people who cannot sign for themselves alone
}

// History tells it.
type History interface {
	Account(ctx context.Context, tree fs.FS, pair Pair) (Account, error)
}

// account is what is known of the promotion's past: nothing, where the tree was
// not committed.
func account(ctx context.Context, tools Tools, request Request) (Account, error) {
	if tools.History == nil {
		return Account{}, nil
	}
	told, err := tools.History.Account(ctx, request.Tree, request.Pair())
	if err != nil {
		return told, err
	}
	for _, list := range [][]gates.Approval{told.Approvals, told.Void, told.Withdrawn} {
		slices.SortFunc(list, compareApprovals)
	}
	slices.Sort(told.Authors)
	slices.Sort(told.Unfit)
	return told, nil
}

// compareApprovals puts approvals in the order of their times; the same
// approvals in another order are the same evidence.
func compareApprovals(a, b gates.Approval) int {
	if order := a.Time.Compare(b.Time); order != 0 {
		return order
	}
	text := func(one gates.Approval) string {
		return strings.Join([]string{one.Email, one.Key, one.Commit, one.Meaning, one.Role, one.Means, one.Name}, "\x00")
	}
	return strings.Compare(text(a), text(b))
}
