package compliance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
)

func signed(name, role, meaning string, day int) gates.Approval {
	return gates.Approval{
		Name: name, Email: strings.ToLower(name) + "@example.org", Role: role, Meaning: meaning,
		Time: time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC), Means: "ssh", Key: "SHA256:" + name, Commit: strings.Repeat("0", 40),
	}
}

func TestWhoseSignaturesCount(t *testing.T) {
	for name, test := range map[string]struct {
		change     func(*gates.Candidate)
		people     string
		roles      string
		incomplete string
	}{
		"two people":            {func(*gates.Candidate) {}, "2", "2", "0"},
		"the author":            {func(c *gates.Candidate) { c.Approvals[0].Email = " A@example.org" }, "1", "1", "0"},
		"a second author":       {func(c *gates.Candidate) { c.Authors = []string{"a@example.org", "B@Example.org"} }, "1", "1", "0"},
		"nobody knows who made": {func(c *gates.Candidate) { c.Authors = nil }, "0", "0", "0"},
		"the same twice":        {func(c *gates.Candidate) { c.Approvals[0].Email = "C@example.org" }, "1", "1", "0"},
		"two in one role":       {func(c *gates.Candidate) { c.Approvals[0].Role = "clinical" }, "2", "1", "0"},
		"an unknown role":       {func(c *gates.Candidate) { c.Approvals[0].Role = "friend" }, "1", "1", "0"},
		"as an author":          {func(c *gates.Candidate) { c.Approvals[0].Meaning = "author" }, "1", "1", "0"},
		"responsibility":        {func(c *gates.Candidate) { c.Approvals[0].Meaning = "responsibility" }, "2", "2", "0"},
		"without a meaning":     {func(c *gates.Candidate) { c.Approvals[0].Meaning = "" }, "1", "1", "1"},
		"another meaning":       {func(c *gates.Candidate) { c.Approvals[0].Meaning = "said twice" }, "1", "1", "1"},
		"without a time":        {func(c *gates.Candidate) { c.Approvals[0].Time = time.Time{} }, "1", "1", "1"},
		"without a name":        {func(c *gates.Candidate) { c.Approvals[0].Name = " " }, "1", "1", "1"},
		"mended since":          {func(c *gates.Candidate) { c.Approvals = append(c.Approvals, signed("B", "statistician", "", 0)) }, "2", "2", "0"},
		"taken back since":      {func(c *gates.Candidate) { c.Approvals = append(c.Approvals, signed("B", "statistician", "author", 3)) }, "1", "1", "0"},
	} {
		candidate := complete()
		test.change(&candidate)
		values := measure(t, candidate)
		if values["approvals"] != test.people || values["approval_roles"] != test.roles || values["signatures_incomplete"] != test.incomplete {
			t.Errorf("%s: %s people, %s roles, %s incomplete", name, values["approvals"], values["approval_roles"], values["signatures_incomplete"])
		}
	}
}

// An environment may ask for roles by name, so those that count are named.
func TestTheRolesOfSignaturesThatCountAreNamed(t *testing.T) {
	candidate := complete()
	candidate.Approvals[0].Role = "quality"
	candidate.Approvals = append(candidate.Approvals, signed("D", "security", "author", 3))
	values := measure(t, candidate)
	for role, want := range map[string]string{"quality": "1", "clinical": "1", "statistician": "", "security": ""} {
		if values["approved_in "+role] != want {
			t.Errorf("%s: %q of %v", role, values["approved_in "+role], values)
		}
	}
}

// The signatures are in the evidence as 21 CFR 11.50 wants them to be read.
func TestASignatureIsKeptAsPeopleReadIt(t *testing.T) {
	values := measure(t, complete())
	if values["signature C <c@example.org> approval clinical 2026-11-02T09:00:00Z"] != "1" {
		t.Errorf("measured %v", values)
	}
	if authors := func() string {
		candidate := complete()
		candidate.Authors = nil
		return measure(t, candidate)["change_author"]
	}(); authors != "" {
		t.Errorf("nobody is an author: %q", authors)
	}
}

func TestPeopleAreCountedOnceByWhatTheySigned(t *testing.T) {
	candidate := complete()
	candidate.Void = []gates.Approval{signed("D", "quality", "review", 1), signed("D", "quality", "approval", 2), signed("E", "quality", "review", 1)}
	candidate.Withdrawn = []gates.Approval{signed("F", "quality", "review", 1)}
	candidate.Unfit = []string{"a machine", "two share a key", "one is listed twice"}
	values := measure(t, candidate)
	if values["approvals_void"] != "2" || values["signatures_withdrawn"] != "1" || values["signers_unfit"] != "3" || values["approvals"] != "2" {
		t.Errorf("measured %v", values)
	}
}
