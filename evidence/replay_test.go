package evidence_test

import (
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Every claim, by every kind of signer, about every subject and environment: it
// is believed in exactly one cell of each row, the one that it was made for; or,
// if it says nothing about an environment, in one of each environment.
func TestNothingIsReplayed(t *testing.T) {
	subjects := []evidence.Subject{{Name: "a", Digest: evidence.Sum([]byte("a"))}, {Name: "a", Digest: evidence.Sum([]byte("b"))}}
	environments := []string{"development", "staging", "production"}
	claims := map[string]func(subject evidence.Subject, environment string) evidence.Statement{
		evidence.MeasurementsType: func(subject evidence.Subject, environment string) evidence.Statement {
			return evidence.Measured(subject, evidence.Measurements{Gate: "bias", Environment: environment})
		},
		evidence.WaiverType: func(subject evidence.Subject, environment string) evidence.Statement {
			said := waiver()
			said.Environment = environment
			return evidence.Waived(subject, said)
		},
		evidence.GlassType: func(subject evidence.Subject, environment string) evidence.Statement {
			said := glass()
			said.Environment = environment
			return evidence.Broken(subject, said)
		},
		evidence.ProvenanceType: func(subject evidence.Subject, _ string) evidence.Statement {
			return evidence.Trained(subject, evidence.Provenance{})
		},
		evidence.ScanType: func(subject evidence.Subject, _ string) evidence.Statement {
			return evidence.Scanned(subject, scan())
		},
		evidence.ComponentsType: func(subject evidence.Subject, _ string) evidence.Statement {
			return evidence.Listed(subject, []byte(bill))
		},
	}
	everywhere := map[string]bool{evidence.ProvenanceType: true, evidence.ScanType: true, evidence.ComponentsType: true}
	if len(claims) != len(evidence.PredicateTypes()) {
		t.Errorf("%d of %d predicate types are replayed", len(claims), len(evidence.PredicateTypes()))
	}
	cells, believed := 0, 0
	for predicate, claim := range claims {
		for _, subject := range subjects {
			for _, environment := range environments {
				signer, trust := keys(t)
				envelope := sign(t, signer, claim(subject, environment))
				for role := range claims { // what the key is trusted for
					for _, asked := range subjects {
						for _, where := range environments {
							trust[0].Predicates, trust[0].Environments = []string{role}, []string{where}
							opened := evidence.Open(t.Context(), trust, asked, []evidence.Envelope{envelope})
							want := role == predicate && asked.Digest == subject.Digest && (where == environment || everywhere[predicate])
							if got := len(opened.Statements) == 1; got != want || got == (len(opened.Problems) == 1) {
								t.Errorf("%s about %s in %s, asked as %s about %s in %s: %+v", predicate, subject, environment, role, asked, where, opened)
							}
							cells++
							if want {
								believed++
							}
						}
					}
				}
			}
		}
	}
	if cells != 1296 || believed != 72 {
		t.Errorf("%d of %d cells are believed", believed, cells)
	}
}
