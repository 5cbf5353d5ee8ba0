package compliance

import (
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Roles that may approve, and the meanings that a signature has (21 CFR
// 11.50(a)(3)).
var (
	roles    = []string{"model_owner", "clinical", "statistician", "security", "quality"}
	meanings = []string{"author", "review", "approval", "responsibility"}
)

// measureApprovals counts distinct people, other than the author of the
// change, who have reviewed or approved it, and the roles they have. One
// person counts once, in one role: the first that is written.
func measureApprovals(approvals []v1alpha1.Approval, commit gates.Commit) []evidence.Measurement {
	people, inRoles, invalid := map[string]bool{}, map[string]bool{}, 0
	author := address(commit.Author)
	for _, approval := range approvals {
		email := address(approval.Email)
		switch {
		case !valid(approval, commit):
			invalid++
		case approval.Meaning == "author", people[email]:
		case email == author:
			invalid++ // nobody approves their own change
		default:
			people[email] = true
			inRoles[approval.Role] = true
		}
	}
	return []evidence.Measurement{
		count("approvals", len(people), len(approvals)),
		count("approval_roles", len(inRoles), len(approvals)),
		count("approvals_invalid", invalid, len(approvals)),
	}
}

// measureAuthor names the author of the change; without one there is no number.
func measureAuthor(commit gates.Commit) evidence.Measurement {
	author := count("change_author", 1, 1)
	if author.Group = address(commit.Author); author.Group == "" {
		author.Value, author.Method = "", "the change has no author"
	}
	return author
}

// address is an e-mail address as it identifies a person.
func address(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// valid holds for an approval that names a person, a known role and meaning,
// and a day that is not after the change.
func valid(approval v1alpha1.Approval, commit gates.Commit) bool {
	day, err := time.Parse(time.DateOnly, approval.Date)
	return err == nil && !day.After(commit.Time.Add(24*time.Hour)) &&
		strings.TrimSpace(approval.Name) != "" && strings.Contains(approval.Email, "@") &&
		slices.Contains(roles, approval.Role) && slices.Contains(meanings, approval.Meaning)
}
