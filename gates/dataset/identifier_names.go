package dataset

import (
	"slices"
	"strings"
	"unicode"
)

// hint says that a column name announces a kind of identifier: when one of its
// words is in words, or when its letters and digits contain one of parts.
type hint struct {
	kind  string
	words []string
	parts []string
}

var hints = []hint{
	{"person_name", []string{"vorname", "nachname"},
		[]string{"firstname", "lastname", "surname", "forename", "givenname", "familyname", "middlename", "maidenname", "fullname", "patientname", "mothersname", "physicianname", "doctorname"}},
	{"zip_code", []string{"zip", "zip3", "zip5", "plz", "postcode"}, []string{"zipcode", "postalcode", "postcode"}},
	{"date_finer_than_year", []string{"dob", "dod", "date", "birthday"}, []string{"birthdate", "dateofbirth", "deathdate", "dateofdeath", "birthday"}},
	{ageOver89, []string{"age", "ages"}, nil},
	{"phone_number", []string{"phone", "tel", "telephone", "fax"}, []string{"phonenumber", "mobilenumber", "telephone", "faxnumber"}},
	{"us_social_security_number", []string{"ssn"}, []string{"socialsecurity"}},
	{"medical_record_number", []string{"mrn"}, []string{"medicalrecord", "recordnumber", "chartnumber", "hospitalnumber"}},
	{"health_plan_number", []string{"hicn", "mbi"}, []string{"healthplan", "memberid", "membernumber", "beneficiary", "policynumber", "subscriberid", "insurancenumber"}},
	{"account_number", []string{"iban"}, []string{"accountnumber", "accountno", "bankaccount"}},
	{"payment_card_number", nil, []string{"creditcard", "cardnumber", "debitcard"}},
	{"certificate_number", nil, []string{"licensenumber", "licencenumber", "driverslicense", "driverlicense", "certificatenumber", "passport"}},
	{"device_identifier", []string{"udi"}, []string{"deviceserial", "serialnumber", "deviceid", "deviceidentifier", "implantserial"}},
	{"biometric_identifier", nil, []string{"fingerprint", "voiceprint", "retinascan", "irisscan", "faceembedding"}},
	{"national_provider_identifier", []string{"npi"}, []string{"provideridentifier", "providerid"}},
}

// hintsOf gives the kinds that a column name announces.
func hintsOf(name string) map[string]bool {
	words := strings.FieldsFunc(spread(name), func(char rune) bool { return !unicode.IsLetter(char) && !unicode.IsDigit(char) })
	joined := strings.Join(words, "")
	kinds := map[string]bool{}
	for _, hint := range hints {
		for _, word := range words {
			kinds[hint.kind] = kinds[hint.kind] || slices.Contains(hint.words, word)
		}
		for _, part := range hint.parts {
			kinds[hint.kind] = kinds[hint.kind] || strings.Contains(joined, part)
		}
	}
	if joined == "name" {
		kinds["person_name"] = true
	}
	return kinds
}

// spread lowers a name and parts its words: birthDate becomes birth date.
func spread(name string) string {
	var out strings.Builder
	previous := ' '
	for _, char := range name {
		if unicode.IsUpper(char) && unicode.IsLower(previous) {
			out.WriteByte(' ')
		}
		out.WriteRune(unicode.ToLower(char))
		previous = char
	}
	return out.String()
}
