package qualify

import (
	"math/rand/v2"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// identifiers of nobody: numbers that were published as examples or that
// nobody can be given, in columns as they are found in clinical extracts.
var identifiers = []struct{ column, value string }{
	{"remark", "written by jane.doe@example.org"},
	{"remark", "ssn 219-09-9999"},
	{"remark", "call (212) 555-0123"},
	{"remark", "seen 14.03.2019"},
	{"remark", "https://example.org/patients/7"},
	{"remark", "192.0.2.17"},
	{"remark", "1M8GDM9AXKP042788"},
	{"surname", "Mustermann"},
	{"zip_code", "94110"},
	{"mrn", "A1234567"},
	{"npi", "1234567893"},
}

// plantIdentifiers writes one kind of identifier into that many rows of the
// training file.
func plantIdentifiers(s *specimen, random *rand.Rand, rows float64) {
	kind := identifiers[random.IntN(len(identifiers))]
	s.add(v1alpha1.Column{Name: kind.column, Type: "text"}, func(patient) string { return "" })
	for _, row := range random.Perm(len(s.train))[:int(rows)] {
		s.train[row].values[len(s.columns)-1] = kind.value
	}
	// The other rows say something harmless, lest the column is merely empty.
	at := len(s.columns) - 1
	s.everybody(func(one *patient) {
		if one.values[at] == "" {
			one.values[at] = "0"
		}
	})
}
