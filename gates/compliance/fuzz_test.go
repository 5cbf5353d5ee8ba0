package compliance

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

// FuzzNobodyApprovesTheirOwnChange: however the author spells their address
// and the day, their approval is not counted; and what is counted is evidence.
func FuzzNobodyApprovesTheirOwnChange(f *testing.F) {
	f.Add("emil@example.org", "EMIL@example.org ", "2026-11-23")
	f.Add("a@b", "c@d", "2026-02-30")
	f.Add("", "@", "")
	f.Fuzz(func(t *testing.T, author, email, date string) {
		commit := gates.Commit{Author: author, Time: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
		approval := v1alpha1.Approval{Name: "Emil", Email: email, Role: "clinical", Meaning: "approval", Date: date}
		found := measureApprovals([]v1alpha1.Approval{approval, approval}, commit)
		for _, one := range append(found, endOf("expires", date)) {
			if err := one.Validate(); err != nil {
				t.Error(err)
			}
		}
		counted := found[0].Value.Float()
		if counted > 1 || counted == 1 && strings.EqualFold(strings.TrimSpace(email), strings.TrimSpace(author)) {
			t.Errorf("%q approves the change of %q: counted %v", email, author, counted)
		}
	})
}
