package compliance

import (
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
)

// FuzzNobodyApprovesTheirOwnChange: however an author spells their address,
// their approval is not counted; and what is counted is evidence.
func FuzzNobodyApprovesTheirOwnChange(f *testing.F) {
	f.Add("emil@example.org", "EMIL@example.org ", "approval", "2026-11-23")
	f.Add("a@b", "c@d", "review", "2026-02-30")
	f.Add("", "@", "", "")
	f.Fuzz(func(t *testing.T, author, email, meaning, date string) {
		approval := gates.Approval{Name: "Emil", Email: email, Role: "clinical", Meaning: meaning, Time: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
		found := measureApprovals(gates.Candidate{Authors: []string{author}, Approvals: []gates.Approval{approval, approval}})
		for _, one := range append(found, endOf("expires", date)) {
			if err := one.Validate(); err != nil {
				t.Error(err)
			}
		}
		counted := found[0].Value.Float()
		if counted > 1 || counted == 1 && address(email) == address(author) {
			t.Errorf("%q approves the change of %q: counted %v", email, author, counted)
		}
	})
}
