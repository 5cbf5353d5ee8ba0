package compliance

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// told gives what was measured by name and group, and refuses what is no
// evidence.
func told(t testing.TB, measurements []evidence.Measurement) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, m := range measurements {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		values[strings.TrimSuffix(m.Name+" "+m.Group, " ")] = string(m.Value)
	}
	return values
}

const theData = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"

// agreed is data with everything on paper.
func agreed() gates.Candidate {
	return gates.Candidate{Dataset: v1alpha1.Dataset{Spec: v1alpha1.DatasetSpec{Digest: theData, DataUse: v1alpha1.DataUse{
		Agreement: "DUA-1", Purposes: []string{developmentPurpose}, Expires: "2030-12-31", Covers: []string{theData},
		Deidentification: "expert_determination", Expert: v1alpha1.Expert{Report: theData, Expires: "2030-12-31"},
		Ethics: v1alpha1.Ethics{Board: "REC", Id: "7", Decision: "waived", Approved: "2026-11-23", Expires: "2030-12-31", Covers: []string{theData}},
	}}}}
}

func TestPaperworkOfTheDataThatIsComplete(t *testing.T) {
	candidate := agreed()
	expect(t, told(t, measureDataUse(candidate)), map[string]string{
		"data_use_agreement": "1", "data_use_purpose": "1", "data_use_covers": "1", "data_use_expires": "1924991999"})
	expect(t, told(t, measureEthics(candidate)), map[string]string{
		"ethics_decision": "1", "ethics_covers": "1", "ethics_approved": "1795341600", "ethics_expires": "1924991999"})
	expect(t, told(t, measureDeidentification(candidate)), map[string]string{
		"deidentification expert_determination": "1", "expert_report": "1", "expert_expires": "1924991999"})
	expect(t, told(t, measureIntegrity(candidate)), map[string]string{"data " + theData: "1"})
}

func TestPaperworkOfTheDataThatLacksSomething(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*v1alpha1.DatasetSpec)
		want   map[string]string
	}{
		"an agreement about other data": {func(s *v1alpha1.DatasetSpec) { s.DataUse.Covers = []string{otherData} }, map[string]string{"data_use_covers": "0", "ethics_covers": "1"}},
		"a decision about other data":   {func(s *v1alpha1.DatasetSpec) { s.DataUse.Ethics.Covers = nil }, map[string]string{"data_use_covers": "1", "ethics_covers": "0"}},
		"data without a digest": {func(s *v1alpha1.DatasetSpec) { s.Digest, s.DataUse.Covers = "", []string{""} },
			map[string]string{"data_use_covers": "0", "ethics_covers": "0", "data": "0"}},
		"another purpose":           {func(s *v1alpha1.DatasetSpec) { s.DataUse.Purposes = []string{"billing"} }, map[string]string{"data_use_purpose": "0"}},
		"a placeholder":             {func(s *v1alpha1.DatasetSpec) { s.DataUse.Agreement = "TBD" }, map[string]string{"data_use_agreement": "0"}},
		"a decision to look into":   {func(s *v1alpha1.DatasetSpec) { s.DataUse.Ethics.Decision = "pending" }, map[string]string{"ethics_decision": "0"}},
		"a decision by nobody":      {func(s *v1alpha1.DatasetSpec) { s.DataUse.Ethics.Board = "" }, map[string]string{"ethics_decision": "0"}},
		"a decision without an id":  {func(s *v1alpha1.DatasetSpec) { s.DataUse.Ethics.Id = "n/a" }, map[string]string{"ethics_decision": "0"}},
		"no day of approval":        {func(s *v1alpha1.DatasetSpec) { s.DataUse.Ethics.Approved = "soon" }, map[string]string{"ethics_approved": ""}},
		"a method nobody knows":     {func(s *v1alpha1.DatasetSpec) { s.DataUse.Deidentification = "pseudonyms" }, map[string]string{"deidentification pseudonyms": "0"}},
		"an expert without a paper": {func(s *v1alpha1.DatasetSpec) { s.DataUse.Expert.Report = "report.pdf" }, map[string]string{"expert_report": "0"}},
		"an expert for ever":        {func(s *v1alpha1.DatasetSpec) { s.DataUse.Expert.Expires = "" }, map[string]string{"expert_expires": ""}},
	} {
		candidate := agreed()
		test.change(&candidate.Dataset.Spec)
		values := told(t, append(append(append(measureDataUse(candidate), measureEthics(candidate)...), measureDeidentification(candidate)...), measureIntegrity(candidate)...))
		for measurement, want := range test.want {
			if got, there := values[measurement]; got != want || !there {
				t.Errorf("%s: %s is %q, want %q", name, measurement, got, want)
			}
		}
	}
}

// An expert is asked for only where an expert is claimed.
func TestSafeHarborNeedsNoExpert(t *testing.T) {
	candidate := agreed()
	candidate.Dataset.Spec.DataUse.Deidentification = "safe_harbor"
	expect(t, told(t, measureDeidentification(candidate)), map[string]string{"deidentification safe_harbor": "1"})
	if got := len(measureDeidentification(candidate)); got != 1 {
		t.Errorf("%d measurements of safe harbour", got)
	}
}

// FuzzDays: what is not a day is no number, and a day begins before it ends.
func FuzzDays(f *testing.F) {
	f.Add("2026-11-23")
	f.Add("2026-02-30")
	f.Add("9999-12-31")
	f.Add("")
	f.Fuzz(func(t *testing.T, date string) {
		first, second, last := beginningOf("d", date), dayOf("d", date), endOf("d", date)
		told(t, []evidence.Measurement{first, second, last})
		if first.Value == "" != (last.Value == "") || first.Value != "" && (first.Value.Float() >= second.Value.Float() || second.Value.Float() >= last.Value.Float()) {
			t.Errorf("%q: %s, %s, %s", date, first.Value, second.Value, last.Value)
		}
	})
}
