package compliance

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

func TestNamesThatPlainlyTellACharacteristic(t *testing.T) {
	for column, want := range map[string]string{
		"age": "age", "Age": "age", "age_at_diagnosis": "age", "patientAge": "age", "birth_year": "", "dob": "age", "AGE.YEARS": "age",
		"sex": "sex", "is_female": "sex", "gender": "sex", "menopausal status": "sex", "race": "race", "ethnicity": "race", "ancestry_pc1": "race",
		"primary_language": "national origin", "wheelchair": "disability",
		"stage": "", "dosage": "", "tumourStage": "", "trace": "", "essex": "", "agent": "", "worst_texture": "", "mean_area": "", "ph_ecog": "", "": "",
	} {
		if got := characteristic(column); got != want {
			t.Errorf("%q tells %q, want %q", column, got, want)
		}
	}
}

func TestNamesThatTellOfASubstance(t *testing.T) {
	for column, want := range map[string]bool{
		"alcohol": true, "alcoholUnitsPerWeek": true, "opioid_use": true, "substance_use_disorder": true, "drugAbuse": true, "AUDIT-C": true,
		"methadone": true, "sud": true, "illicit_drug": true, "addiction": true,
		"smoking": false, "tobacco": false, "drug_name": false, "substance": false, "sudden_onset": false, "coaud": false, "use": false, "": false,
	} {
		candidate := gates.Candidate{Dataset: v1alpha1.Dataset{Spec: v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{{Name: column}}}}}
		found := measureSubstanceUse(candidate)
		if got := found[2].Value == "1"; got != want || found[2].Name != "substance_use_columns" {
			t.Errorf("%q: %+v", column, found)
		}
	}
}

// However a name is cut into words, no letter is lost and none is invented; and
// what stands beside a word does not hide it.
func FuzzAWordIsFoundWhateverStandsBesideIt(f *testing.F) {
	f.Add("patient", "years")
	f.Add("TNM", "")
	f.Add("\xff", "é")
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := characteristic(before + "_age_" + after); got == "" {
			t.Errorf("%q hides the age", before+"_age_"+after)
		}
		for _, word := range wordsOf(before) {
			if word == "" || word != strings.ToLower(word) || !strings.Contains(strings.ToLower(before), word) {
				t.Errorf("%q is no word of %q", word, before)
			}
		}
	})
}

func TestStudiesThatAreRegistered(t *testing.T) {
	for id, want := range map[string]string{
		"NCT01234567": "1", "ISRCTN12345678": "1", "2023-505607-12-00": "1",
		"": "0", "NCT0123456": "0", "nct01234567": "0", "NCT01234567 ": "0", "NCT01234567\n": "0", "ISRCTN1234567": "0",
		"2023-505607-12": "0", "2004-000446-20": "0", "NCT０１２３４５６７": "0",
	} {
		candidate := gates.Candidate{Governance: v1alpha1.Governance{Spec: v1alpha1.GovernanceSpec{Registration: v1alpha1.Registration{Id: id}}}}
		if got := measureRegistration(candidate)[1]; string(got.Value) != want || got.Name != "registration_id" {
			t.Errorf("%q: %+v", id, got)
		}
	}
}

func TestRoutesThatTakeAReport(t *testing.T) {
	for text, want := range map[string]bool{
		"incidents@example.org": true, "https://example.org/report": true, "+49 30 1234567": true, "(none)": false,
		"": false, "tell somebody": false, "a@b": false, "http://example.org": false, "12": false,
	} {
		if got := route.MatchString(text); got != want {
			t.Errorf("%q is a route: %v", text, got)
		}
	}
}
