package dataset

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

func TestIdentifiersAreFoundWhereverTheyStand(t *testing.T) {
	for _, test := range []struct{ column, value, kind string }{
		{"ssn", "219-09-9999", "us_social_security_number"},
		{"ssn", "219099999", "us_social_security_number"},
		{"note", "insured as 219-09-9999, retired", "us_social_security_number"},
		{"contact", "Jane.Doe+ward@clinic.example.org", "email_address"},
		{"note", "call (415) 555-2671 after six", "phone_number"},
		{"note", "415-555-2671", "phone_number"},
		{"note", "+44 20 7946 0958", "phone_number"},
		{"fax", "5552671", "phone_number"},
		{"note", "see https://portal.example.org/p/17", "url"},
		{"device", "192.168.17.4", "ip_address"},
		{"device", "2001:db8::ff00:42:8329", "ip_address"},
		{"note", "admitted 2019-03-14", "date_finer_than_year"},
		{"seen", "3/14/2019", "date_finer_than_year"},
		{"seen", "14.03.2019", "date_finer_than_year"},
		{"seen", "2019-03-14T08:15:00Z", "date_finer_than_year"},
		{"birthDate", "1950-03", "date_finer_than_year"},
		{"zip_code", "94110-1234", "zip_code"},
		{"Patient Name", "Doe, Jane", "person_name"},
		{"surname", "Müller", "person_name"},
		{"MRN", "A1234567", "medical_record_number"},
		{"age_at_diagnosis", "93", "age_over_89"},
		{"npi", "1234567893", "national_provider_identifier"},
		{"car", "1M8GDM9AXKP042788", "vehicle_identification_number"},
		{"car", "1m8gdm9axkp042788", "vehicle_identification_number"},
		{"zip3", "036", "zip_code"},
		{"health_plan_id", "HP-1234567", "health_plan_number"},
		{"account_number", "00123456", "account_number"},
		{"paid with", "4111 1111 1111 1111", "payment_card_number"},
		{"note", "paid with 3782-822463-10005 at the desk", "payment_card_number"},
		{"credit_card", "4111111111111111", "payment_card_number"},
		{"drivers_license", "D1234567", "certificate_number"},
		{"device_serial", "SN-1234567", "device_identifier"},
		{"monitor", "00:00:5e:00:53:01", "hardware_address"},
		{"fingerprint_hash", "f3a9", "biometric_identifier"},
		{"slide", "scan 7/face_0017.JPG", "photograph"},
		{"fax_number", "5552671", "phone_number"},
	} {
		t.Run(test.kind+" in "+test.column, func(t *testing.T) {
			m := measureFiles(t, identifierFile(t, test.column, test.value), "", nil)
			m.is("phi_values", test.column+":"+test.kind, "1")
			m.is("phi_columns", "", "1")
			for _, found := range m.list {
				if strings.Contains(found.Name+found.Group+found.Method, test.value) {
					t.Errorf("the value itself is in %+v", found)
				}
			}
		})
	}
}

func TestClinicalValuesAreNoIdentifiers(t *testing.T) {
	for _, test := range []struct{ column, value string }{
		{"ssn", "000-12-3456"}, {"note", "666-12-3456"}, {"note", "912-12-3456"}, {"note", "219-00-9999"}, {"note", "219-09-0000"},
		{"sample", "TCGA-3L-AA1B"}, {"sample", "TCGA-P7-A5NY-01A"},
		{"serum", "1234567893"}, {"serum", "219099999"}, {"serum", "123.456.7890"}, {"serum", "0.1234567890123456"},
		{"year", "2019"}, {"diagnosis_year", "1950"}, {"birth_year", "1950"}, {"days_to_death", "1175"},
		{"ratio", "12:30"}, {"ratio", "1.2.3"}, {"code", "C50.9"}, {"code", "8140/3"}, {"date", "1950"},
		{"zip3", "941"}, {"stage", "93"}, {"age", "89.9"}, {"age_in_days", "23004"}, {"age", "90+"},
		{"gene_name", "TP53"}, {"npi", "1234567890"}, {"car", "1M8GDM9A1KP042788"}, {"phone", "none"}, {"mrn", "yes"},
		{"paid with", "4111 1111 1111 1112"}, {"note", "1111-1111-1111-1117"}, {"credit_card", "1234567890123452"}, {"zip3", "037"},
		{"device", "Holter 3"}, {"policy", "declined"}, {"allele", "12:34:56"}, {"range", "00-05"}, {"file", ".png"},
		{"note", "grade 3@biopsy"}, {"note", "911-911-1234"}, {"note", "2019-13-45"}, {"patients", "12"},
	} {
		t.Run(test.column+" "+strings.ReplaceAll(test.value, "/", "_"), func(t *testing.T) {
			m := measureFiles(t, identifierFile(t, test.column, test.value), "", nil)
			m.is("phi_columns", "", "0")
		})
	}
}

func TestPublicCancerDataHoldOnlyAgesOfNinety(t *testing.T) {
	for _, path := range []string{"testdata/wdbc.csv", lung} {
		measureFiles(t, path, "", nil).is("phi_columns", "", "0")
	}
	const age = "age_at_initial_pathologic_diagnosis"
	m := measureFiles(t, "testdata/tcga_coad.csv", "", nil)
	m.is("phi_columns", "", "1")
	m.is("phi_values", age+":age_over_89", "9")
	for _, test := range []struct {
		top  float64
		want evidence.Decimal
	}{{90, "0"}, {120, "1"}} {
		contract := &v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{{Name: age, Type: "integer", Max: limit(test.top)}}}
		measureFiles(t, "testdata/tcga_coad.csv", "", contract).is("phi_columns", "", test.want)
	}
}

func TestThePseudonymousKeyMayBeNamedLikeAnIdentifier(t *testing.T) {
	contract := &v1alpha1.DatasetSpec{Key: "mrn"}
	measureFiles(t, identifierFile(t, "mrn", "A1234567"), "", contract).is("phi_columns", "", "0")
	m := measureFiles(t, identifierFile(t, "mrn", "219-09-9999"), "", contract)
	m.is("phi_values", "mrn:us_social_security_number", "1")
}

func identifierFile(t *testing.T, column, value string) string {
	return write(t, "data.csv", "row,"+column+"\n1,\""+value+"\"\n")
}
