package evidence_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// believed signs a payload with a key that may sign everything, so that what
// is read is held by its form alone.
func believed(t *testing.T, payload string) (evidence.Statement, bool) {
	t.Helper()
	signed, err := evidence.SignPayload(payload)
	if err != nil {
		t.Fatal(err)
	}
	read, err := evidence.Trust{signed.Key}.Verify(t.Context(), signed.Envelope)
	return read, err == nil
}

// FuzzAStatementSaysOneThing: a payload is refused, or is a statement that is
// about one digest, makes one claim, and reads back as it was read.
func FuzzAStatementSaysOneThing(f *testing.F) {
	for _, seed := range []evidence.Statement{statement(), evidence.Trained(subject, evidence.Provenance{}), evidence.Waived(subject, waiver()), evidence.Broken(subject, glass())} {
		payload, err := seed.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(payload))
		f.Add(strings.Replace(string(payload), `"subject":[`, `"subject":[],"Subject":[`, 1))
		f.Add(strings.Replace(string(payload), "0.98", "1e9", 1))
	}
	f.Fuzz(func(t *testing.T, payload string) {
		read, accepted := believed(t, payload)
		if !accepted {
			return
		}
		claims := 0
		for _, claim := range []bool{read.Measurements != nil, read.Provenance != nil, read.Waiver != nil, read.Glass != nil} {
			if claim {
				claims++
			}
		}
		if _, err := evidence.ParseDigest(string(read.Subject.Digest)); err != nil || claims > 1 {
			t.Errorf("%q makes %d claims about %s", payload, claims, read.Subject)
		}
		read.By = evidence.Person{}
		again, err := read.Encode()
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", payload, err)
		}
		twice, accepted := believed(t, string(again))
		if twice.By = (evidence.Person{}); !accepted || !reflect.DeepEqual(twice, read) {
			t.Errorf("%q was read as %+v and then as %+v", payload, read, twice)
		}
	})
}

// FuzzAWaiverNamesItsRuleAndItsEnd: whoever signs it, a waiver is refused, or
// says for which rule it is, why, and from when until when.
func FuzzAWaiverNamesItsRuleAndItsEnd(f *testing.F) {
	good := waiver()
	f.Add(good.Rule, good.Environment, good.Reason, good.Control, good.Issued, good.Expires)
	f.Add("", "", "", "", "", "")
	f.Add(good.Rule, good.Environment, "r\x00", "c", "2026-11-01", "9999-99-99T99:99:99Z")
	f.Fuzz(func(t *testing.T, rule, environment, reason, control, issued, expires string) {
		said := evidence.Waiver{Rule: rule, Environment: environment, Reason: reason, Control: control, Issued: issued, Expires: expires}
		payload, err := evidence.Waived(subject, said).Encode()
		if err != nil || !utf8.ValidString(rule+environment+reason+control) {
			return // JSON writes other text for what is none
		}
		read, accepted := believed(t, string(payload))
		if !accepted {
			t.Fatalf("%s was written and cannot be read", payload)
		}
		if _, _, err := read.Waiver.Span(); err != nil || *read.Waiver != said || rule == "" || environment == "" || reason == "" || control == "" {
			t.Errorf("%+v was read as %+v (%v)", said, read.Waiver, err)
		}
	})
}
