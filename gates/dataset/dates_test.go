package dataset

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// visiting is a clinic in which patients come back.
func visiting(kind, index string) v1alpha1.DatasetSpec {
	contract := clinic()
	contract.IndexDate, contract.Split.Kind = "seen", kind
	contract.Columns = []v1alpha1.Column{
		{Name: "patient", Type: "text"}, {Name: "seen", Type: index}, {Name: "biopsy", Type: "date"},
		{Name: "age", Type: "number"}, {Name: "sex", Type: "text"}, {Name: "died", Type: "integer"},
	}
	return contract
}

const visitHeader = "patient,seen,biopsy,age,sex,died\n"

func TestAFeatureOfTheFutureIsCounted(t *testing.T) {
	m := measureGate(t, visiting(v1alpha1.RandomSplit, "date"),
		visitHeader+"p1,2014-05-01,2014-05-02,50,female,0\np2,2014-05-01,2014-05-01,51,male,1\n",
		visitHeader+"p3,2015-01-01,2016-01-01,52,male,0\np4,2015-01-01,,53,male,1\n")
	m.is("index_date_declared", "", "1")
	m.is("temporal_split", "", "0")
	m.is("index_date_unusable", "", "0")
	m.is("dated_features", "", "1")
	m.is("features_after_index", "biopsy", "2")
	m.absent("temporal_overlap", "")
}

// The Safe Harbor leaves a year of a date, and a year is a number.
func TestAnIndexDateMayBeAYear(t *testing.T) {
	m := measureGate(t, visiting(v1alpha1.TemporalSplit, "integer"),
		visitHeader+"p1,2013,2014-01-01,50,female,0\np2,2014,,51,male,1\n",
		visitHeader+"p3,2014,2014-12-31,52,male,0\np4,2015,,53,male,1\n")
	m.is("features_after_index", "biopsy", "1")
	m.is("temporal_overlap", "", "1")
	m.absent("ks", "seen") // the split is made to differ there
	m.absent("leakage_auroc", "seen")
}

func TestALaterHoldoutIsLater(t *testing.T) {
	train := visitHeader + "p1,2014-05-01,,50,female,0\np2,2014-12-31,,51,male,1\n"
	m := measureGate(t, visiting(v1alpha1.TemporalSplit, "date"), train, visitHeader+"p3,2015-01-01,,52,male,0\n")
	m.is("temporal_split", "", "1")
	m.is("temporal_overlap", "", "0")
	m = measureGate(t, visiting(v1alpha1.TemporalSplit, "date"), train, visitHeader+"p3,2014-12-31,,52,male,0\np4,2015-01-01,,52,male,1\n")
	m.is("temporal_overlap", "", "1")
}

func TestDatesThatAreNoDatesAreUnusable(t *testing.T) {
	strange := visitHeader + "p1,yesterday,,50,female,0\np2,2014-02-30,31.12.2014,51,male,1\np3,,0000-00-00,51,male,1\np4,99999-01-01,2014-1-1,51,male,1\n"
	m := measureGate(t, visiting(v1alpha1.TemporalSplit, "date"), strange, strange)
	m.is("index_date_unusable", "", "8")
	m.is("features_after_index", "biopsy", "0") // they break the schema instead
	if found, has := m.find("temporal_overlap", ""); !has || found.Value != "" || found.Method != "no training row has an index date" {
		t.Errorf("overlap of no dates is %+v", found)
	}
}

func TestAPatientMayComeBackOnAnotherDay(t *testing.T) {
	m := measureGate(t, visiting(v1alpha1.RandomSplit, "date"),
		visitHeader+"p1,2014-05-01,,50,female,0\np1,2014-06-01,,50,female,1\n",
		visitHeader+"p2,2015-01-01,,52,male,0\np2,2015-01-01,,53,male,1\n")
	m.is("duplicate_keys", "", "1")
	m.is("patient_overlap", "", "0")
	m.is("duplicate_rows", "", "0")
}

func TestAnIndexDateThatAFileLacksIsNotMeasured(t *testing.T) {
	m := measureGate(t, visiting(v1alpha1.TemporalSplit, "date"), "patient,died\np1,0\n", "patient,died\np2,1\n")
	m.is("index_date_declared", "", "1")
	m.absent("index_date_unusable", "")
	m.absent("temporal_overlap", "")
	m.is("duplicate_keys", "", "0")
}

// Dates are identifiers under the Safe Harbor, and lawful in a limited data set.
func TestDatesIdentifyWhereTheContractSaysSafeHarbor(t *testing.T) {
	rows := "patient,seen,biopsy,age,sex,died,zip,note\np1,2014-05-01,,93,female,0,02139,called on 2014-05-03\n"
	for way, kinds := range map[string]string{
		"safe_harbor":          "seen:date_finer_than_year age:age_over_89 zip:zip_code note:date_finer_than_year",
		"expert_determination": "age:age_over_89 zip:zip_code note:date_finer_than_year",
		"limited_dataset":      "",
		"":                     "seen:date_finer_than_year age:age_over_89 zip:zip_code note:date_finer_than_year",
	} {
		contract := visiting(v1alpha1.RandomSplit, "date")
		contract.DataUse.Deidentification = way
		m := measureGate(t, contract, rows, strings.Replace(rows, "p1", "p2", 1))
		for _, kind := range strings.Fields("seen:date_finer_than_year age:age_over_89 zip:zip_code note:date_finer_than_year") {
			if _, found := m.find("phi_values", kind); found != strings.Contains(kinds, kind) {
				t.Errorf("%q: %s is found: %t", way, kind, found)
			}
		}
	}
}

func TestExternalHoldoutsShareNoSite(t *testing.T) {
	contract := clinic()
	contract.Site, contract.Split.Kind = "hospital", v1alpha1.ExternalSplit
	contract.Columns = append(contract.Columns, v1alpha1.Column{Name: "hospital", Type: "text"})
	header := "patient,hospital,age,sex,ecog,died\n"
	m := measureGate(t, contract, header+"p1,Mercy,50,male,0,0\np2,St Anne,51,male,0,1\n", header+"p3,mercy ,52,male,0,0\np4,,53,male,0,1\np5,Charity,54,male,0,1\n")
	m.is("external_split", "", "1")
	m.is("site_overlap", "", "1")
	m.is("site_missing", "", "1")
	m.absent("chi_square", "hospital")
	m = measureGate(t, contract, header+"p1,Mercy,50,male,0,0\n", header+"p3,Mercy,52,male,0,0\n")
	m.is("site_overlap", "", "1") // there is but one
	of := func(site string) string {
		return rowsOf("patient,hospital,age,sex,ecog,died", 60, func(i int) string { return fmt.Sprintf("%s%d,%s,%d,male,0,%d", site, i, site, 40+i%30, i%2) })
	}
	if found, has := measureGate(t, contract, of("Mercy"), of("Charity")).find("domain_classifier_auroc", ""); !has || !(found.Low.Float() < 0.5) {
		t.Errorf("the samples are told apart by their site: %+v", found)
	}
	m = measureGate(t, clinic(), "patient,died\np1,0\n", "patient,died\np2,1\n")
	m.is("external_split", "", "0")
	m.is("site_declared", "", "0")
	m.absent("site_overlap", "")
}
