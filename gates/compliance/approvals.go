package compliance

import (
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Roles that may approve, and the meanings that a signature has (21 CFR
// 11.50(a)(3)).
var (
	roles    = []string{"model_owner", "clinical", "statistician", "security", "quality"}
	meanings = []string{"author", "review", "approval", "responsibility"}
)

// measureApprovals counts distinct people who have reviewed, approved or taken
// responsibility, and the roles they did it in. One person counts once, by what
// they signed last; whoever made the content does not count at all.
func measureApprovals(candidate gates.Candidate) []evidence.Measurement {
	people, inRoles, incomplete := 0, map[string]bool{}, 0
	var each []evidence.Measurement
	for _, approval := range latest(candidate.Approvals) {
		why := objection(candidate, approval)
		if why == "" {
			people++
			inRoles[approval.Role] = true
		}
		if !complete(approval) {
			incomplete++
		}
		each = append(each, signatureOf(approval, why))
	}
	return slices.Concat([]evidence.Measurement{
		count("approvals", people, len(each)),
		count("approval_roles", len(inRoles), len(each)),
		count("signatures_incomplete", incomplete, len(each)),
		count("approvals_void", distinct(candidate.Void), len(candidate.Void)),
		count("signatures_withdrawn", distinct(candidate.Withdrawn), len(candidate.Withdrawn)),
		count("signers_unfit", len(candidate.Unfit), len(candidate.Platform.Spec.People)),
	}, each, approvedIn(inRoles))
}

// approvedIn names the roles that somebody has approved in: an environment may
// ask for some of them by name.
func approvedIn(counted map[string]bool) []evidence.Measurement {
	var found []evidence.Measurement
	for _, role := range roles {
		if counted[role] {
			one := stated("approved_in", true)
			one.Group = role
			found = append(found, one)
		}
	}
	return found
}

// latest is the last signature of each person; of two at once, the first.
func latest(approvals []gates.Approval) []gates.Approval {
	var last []gates.Approval
	seen := map[string]bool{}
	newest := func(a, b gates.Approval) int { return b.Time.Compare(a.Time) }
	for _, approval := range slices.SortedStableFunc(slices.Values(approvals), newest) {
		if email := address(approval.Email); !seen[email] {
			seen[email] = true
			last = append(last, approval)
		}
	}
	return last
}

// objection is why a signature does not count; empty when it does.
func objection(candidate gates.Candidate, approval gates.Approval) string {
	switch {
	case !complete(approval):
		return "it does not say who, when or with which meaning"
	case len(candidate.Authors) == 0:
		return "nobody knows who made the content"
	case slices.ContainsFunc(candidate.Authors, func(author string) bool { return address(author) == address(approval.Email) }):
		return "by an author of the content"
	case approval.Meaning == "author":
		return "it claims authorship"
	case !slices.Contains(roles, approval.Role):
		return "the role is none of those that approve"
	}
	return ""
}

// complete holds for a signature that shows what 21 CFR 11.50(a) wants to be
// read: the printed name, date and time, and the meaning.
func complete(approval gates.Approval) bool {
	return strings.TrimSpace(approval.Name) != "" && !approval.Time.IsZero() && slices.Contains(meanings, approval.Meaning)
}

// signatureOf keeps a signature in the evidence as people read it: 1 when it
// counts, 0 and why when not.
func signatureOf(approval gates.Approval, why string) evidence.Measurement {
	one := stated("signature", why == "")
	one.Group = label(strings.Join([]string{approval.Name, "<" + address(approval.Email) + ">", approval.Meaning, approval.Role,
		approval.Time.UTC().Format(time.RFC3339)}, " "))
	one.Method = label(strings.Join([]string{approval.Means, approval.Key, "commit", approval.Commit, why}, " "))
	return one
}

func distinct(approvals []gates.Approval) int {
	people := map[string]bool{}
	for _, approval := range approvals {
		people[address(approval.Email)] = true
	}
	return len(people)
}

// measureAuthor names the authors of the content; without one there is no
// number, and nobody can be told to be another.
func measureAuthor(candidate gates.Candidate) []evidence.Measurement {
	var authors []evidence.Measurement
	for _, email := range candidate.Authors {
		author := count("change_author", 1, len(candidate.Authors))
		author.Group = label(email)
		authors = append(authors, author)
	}
	if len(authors) == 0 {
		return []evidence.Measurement{{Name: "change_author", Method: "nobody knows who made the content"}}
	}
	return authors
}

// address is an e-mail address as it identifies a person.
func address(text string) string { return strings.ToLower(strings.TrimSpace(text)) }
