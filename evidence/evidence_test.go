package evidence_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var subject = evidence.Subject{Name: "breast-malignancy", Digest: evidence.Sum([]byte("model"))}

func statement() evidence.Statement {
	return evidence.Measured(subject, evidence.Measurements{
		Gate: "performance", Environment: "development",
		Model:        evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"},
		Inputs:       []evidence.Subject{{Name: "holdout", Digest: evidence.Sum([]byte("rows"))}},
		Measurements: []evidence.Measurement{{Name: "auroc", Value: "0.98", Low: "0.97", High: "0.99", N: 285, Method: "delong"}},
	})
}

// signed is the statement as Verify gives it back.
func signed() evidence.Statement {
	read := statement()
	read.By = evidence.Person{Name: "reconciler", Email: "r@example.org", Role: "quality"}
	return read
}

func keys(t testing.TB) (evidence.KeySigner, evidence.Trust) {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, evidence.Trust{{Name: "reconciler", Email: "r@example.org", Role: "quality", Key: key, Predicates: []string{evidence.MeasurementsType}}}
}

func sign(t testing.TB, signer evidence.Signer, statement evidence.Statement) evidence.Envelope {
	t.Helper()
	envelope, err := signer.Sign(context.Background(), statement)
	if err != nil {
		t.Fatal(err)
	}
	return envelope
}

func TestWhatIsSignedIsWhatIsRead(t *testing.T) {
	signer, trust := keys(t)
	envelope := sign(t, signer, statement())
	read, err := trust.Verify(t.Context(), envelope)
	if err != nil {
		t.Fatal(err)
	}
	if read.Subject != subject || read.Measurements.Measurements[0].Value != "0.98" {
		t.Errorf("read %+v", read)
	}
	if again := sign(t, signer, statement()); !bytes.Equal(envelope, again) {
		t.Error("the same statement gave another envelope")
	}
}

// No single byte of an envelope may be changed, taken away or added.
func TestEveryByteCounts(t *testing.T) {
	signer, trust := keys(t)
	envelope := sign(t, signer, statement())
	for i := range envelope {
		for _, flip := range []byte{1, 0x20, 0x80} {
			changed := bytes.Clone(envelope)
			changed[i] ^= flip
			if _, err := trust.Verify(t.Context(), changed); err == nil {
				t.Errorf("byte %d (%q) changed by %#x: accepted", i, envelope[i], flip)
			}
		}
		if _, err := trust.Verify(t.Context(), append(bytes.Clone(envelope[:i]), envelope[i+1:]...)); err == nil {
			t.Errorf("byte %d taken away: accepted", i)
		}
		// A blank between two words of JSON changes nothing that is said.
		blank, err := trust.Verify(t.Context(), append(append(bytes.Clone(envelope[:i]), ' '), envelope[i:]...))
		if err == nil && !reflect.DeepEqual(blank, signed()) {
			t.Errorf("a blank before byte %d: it now says %+v", i, blank)
		}
	}
}

// A trusted signature over bytes that are not a canonical statement is no
// evidence: nothing may read another number than was meant.
func TestSignedNonsenseIsNotEvidence(t *testing.T) {
	_, trust := keys(t)
	good, err := statement().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, payload := range map[string]string{
		"a key twice":       strings.Replace(string(good), `"n":285`, `"n":285,"n":1`, 1),
		"another case":      strings.Replace(string(good), `"value"`, `"Value"`, 1),
		"an unknown field":  strings.Replace(string(good), `"n":285`, `"n":285,"weight":2`, 1),
		"a float":           strings.Replace(string(good), `"0.98"`, `0.98`, 1),
		"NaN":               strings.Replace(string(good), `"0.98"`, `"NaN"`, 1),
		"an exponent":       strings.Replace(string(good), `"0.98"`, `"1e999"`, 1),
		"minus zero":        strings.Replace(string(good), `"0.98"`, `"-0"`, 1),
		"a second subject":  strings.Replace(string(good), `"subject":[`, `"subject":[{"name":"x","digest":{"sha256":"`+strings.Repeat("0", 64)+`"}},`, 1),
		"another statement": strings.Replace(string(good), "Statement/v1", "Statement/v0.2", 1),
		"another predicate": strings.Replace(string(good), evidence.MeasurementsType, "https://example.org/x", 1),
		"a subject by URI":  strings.Replace(string(good), `"digest":{`, `"uri":"x","digest":{`, 1),
		"a second digest":   strings.Replace(string(good), `"digest":{`, `"digest":{"sha512":"00",`, 1),
		"a short digest":    strings.Replace(string(good), `"sha256":"`, `"sha256":"0`, 1),
		"not UTF-8":         strings.Replace(string(good), `"delong"`, "\"\xff\"", 1),
		"something behind":  string(good) + "{}",
		"null":              "null",
		"not JSON":          "evidence",
		"nothing":           "",
	} {
		if payload == string(good) {
			t.Fatalf("%s: the case changes nothing", name)
		}
		envelope, err := evidence.SignPayload(payload)
		if err != nil {
			t.Fatal(err)
		}
		believed := append(evidence.Trust{envelope.Key}, trust...)
		if _, err := believed.Verify(t.Context(), envelope.Envelope); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOnlyTheRightKeySignsTheRightPredicate(t *testing.T) {
	signer, trust := keys(t)
	stranger, _ := keys(t)
	if _, err := trust.Verify(t.Context(), sign(t, stranger, statement())); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("a stranger's signature: %v", err)
	}
	provenance := sign(t, signer, evidence.Trained(subject, evidence.Provenance{}))
	if _, err := trust.Verify(t.Context(), provenance); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("a predicate that the key may not sign: %v", err)
	}
	if _, err := (evidence.Trust{}).Verify(t.Context(), sign(t, signer, statement())); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("trusting nobody: %v", err)
	}
}

func TestAKeyVouchesForItsEnvironmentsOnly(t *testing.T) {
	signer, trust := keys(t)
	trust[0].Environments = []string{"development"}
	if _, err := trust.Verify(t.Context(), sign(t, signer, statement())); err != nil {
		t.Error(err)
	}
	trust[0].Environments = []string{"staging", "production"}
	_, err := trust.Verify(t.Context(), sign(t, signer, statement()))
	if !errors.Is(err, evidence.ErrUntrusted) || !strings.Contains(err.Error(), "about development") {
		t.Errorf("another environment: %v", err)
	}
	// Provenance is about no environment, so a key that may sign it may always.
	trust[0].Predicates = []string{evidence.ProvenanceType}
	if _, err := trust.Verify(t.Context(), sign(t, signer, evidence.Trained(subject, evidence.Provenance{}))); err != nil {
		t.Error(err)
	}
}

// Two keys overlap while one replaces the other. What the old one signed is
// believed until it ends, and not a moment longer.
func TestKeysAreReplacedWithoutAGap(t *testing.T) {
	older, trust := keys(t)
	newer, next := keys(t)
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	trust[0].Until, next[0].From = day(20), day(10)
	trust = append(trust, next...)
	for _, test := range []struct {
		at           time.Time
		older, newer bool
	}{
		{day(9), true, false}, {day(10).Add(-1), true, false}, {day(10), true, true},
		{day(20).Add(-1), true, true}, {day(20), false, true}, {day(30), false, true},
	} {
		_, old := trust.At(test.at).Verify(t.Context(), sign(t, older, statement()))
		_, fresh := trust.At(test.at).Verify(t.Context(), sign(t, newer, statement()))
		if (old == nil) != test.older || (fresh == nil) != test.newer {
			t.Errorf("%s: old key %v, new key %v", test.at, old, fresh)
		}
	}
	for _, test := range []struct{ at, from, until time.Time }{
		{day(9), time.Time{}, day(10)}, {day(10), day(10), day(20)}, {day(15), day(10), day(20)}, {day(20), day(20), time.Time{}},
	} {
		if from, until := trust.Holds(test.at); !from.Equal(test.from) || !until.Equal(test.until) {
			t.Errorf("what holds at %s holds from %s until %s", test.at, from, until)
		}
	}
	trust[1].Revoked = day(15)
	if _, err := trust.At(day(15)).Verify(t.Context(), sign(t, newer, statement())); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("a revoked key: %v", err)
	}
}

// A key of either kind signs the same statement alike, and one on another
// curve is refused where it is read.
func TestKeysOfEitherKindSign(t *testing.T) {
	for name, test := range map[string]struct {
		curve elliptic.Curve
		ok    bool
	}{"P-256": {elliptic.P256(), true}, "P-384": {elliptic.P384(), false}} {
		private, err := ecdsa.GenerateKey(test.curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := evidence.NewSigner(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		first, again := sign(t, signer, statement()), sign(t, signer, statement())
		if !bytes.Equal(first, again) {
			t.Errorf("%s: the same statement gave another envelope", name)
		}
		trust := evidence.Trust{{Name: name, Key: signer.Public(), Predicates: evidence.PredicateTypes()}}
		if _, err := trust.Verify(t.Context(), first); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenKeepsTheReasonForWhatItRefuses(t *testing.T) {
	signer, trust := keys(t)
	foreign := statement()
	foreign.Subject = evidence.Subject{Name: "breast-malignancy", Digest: evidence.Sum([]byte("another"))}
	opened := evidence.Open(t.Context(), trust, subject, []evidence.Envelope{
		sign(t, signer, statement()), sign(t, signer, foreign), evidence.Envelope("{}"),
	})
	if len(opened.Statements) != 1 || len(opened.Problems) != 2 || !strings.Contains(opened.Problems[0], "it is about breast-malignancy@") {
		t.Errorf("opened %+v", opened)
	}
}

func waiver() evidence.Waiver {
	return evidence.Waiver{
		Rule: "model.bias.equal_opportunity", Environment: "staging", Reason: "the cohort is being recruited", Control: "a second reader",
		Issued: "2026-11-01T00:00:00Z", Expires: "2026-12-01T00:00:00Z",
	}
}

func TestAWaiverSaysWhoSignedItAndNothingElseDoes(t *testing.T) {
	signer, trust := keys(t)
	trust[0].Predicates = evidence.PredicateTypes()
	read, err := trust.Verify(t.Context(), sign(t, signer, evidence.Waived(subject, waiver())))
	if err != nil || *read.Waiver != waiver() || read.By != signed().By {
		t.Errorf("read %+v, %v", read, err)
	}
	trust[0].Environments = []string{"development"}
	if _, err := trust.Verify(t.Context(), sign(t, signer, evidence.Waived(subject, waiver()))); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("for another environment: %v", err)
	}
	trust[0].Environments, trust[0].Predicates = nil, evidence.ReconcilerTypes()
	if _, err := trust.Verify(t.Context(), sign(t, signer, evidence.Waived(subject, waiver()))); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("by a reconciler: %v", err)
	}
	for name, spoil := range map[string]func(*evidence.Waiver){
		"no rule": func(w *evidence.Waiver) { w.Rule = "" }, "no reason": func(w *evidence.Waiver) { w.Reason = "" },
		"no control": func(w *evidence.Waiver) { w.Control = "" }, "no end": func(w *evidence.Waiver) { w.Expires = "" },
		"a date": func(w *evidence.Waiver) { w.Issued = "2026-11-01" }, "an essay": func(w *evidence.Waiver) { w.Reason = strings.Repeat("x", 513) },
	} {
		spoilt := waiver()
		spoil(&spoilt)
		if _, err := signer.Sign(t.Context(), evidence.Waived(subject, spoilt)); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

// Other tools attach their statements to the same artifact. They neither open
// nor shut a door, whoever signed them.
func TestStatementsOfOtherToolsArePassedOver(t *testing.T) {
	signer, trust := keys(t)
	foreign, err := evidence.SignPayload(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":"` +
		subject.Digest.Hex() + `"}}],"predicateType":"https://spdx.dev/Document","predicate":{}}`)
	if err != nil {
		t.Fatal(err)
	}
	for name, believed := range map[string]evidence.Trust{"a stranger's": trust, "a trusted key's": append(trust, foreign.Key)} {
		opened := evidence.Open(t.Context(), believed, subject, []evidence.Envelope{foreign.Envelope, sign(t, signer, statement())})
		if len(opened.Statements) != 1 || len(opened.Problems) != 0 {
			t.Errorf("%s: opened %+v", name, opened)
		}
	}
}

func TestNumbersAreDecimalText(t *testing.T) {
	for value, want := range map[float64]evidence.Decimal{
		0.1: "0.1", -2.5: "-2.5", 1e21: "1000000000000000000000", 1e-7: "0.0000001", 0: "0",
		math.Copysign(0, -1): "0", math.NaN(): "", math.Inf(1): "", math.SmallestNonzeroFloat64: "",
	} {
		got := evidence.Number(value)
		if value == math.SmallestNonzeroFloat64 {
			want = got
		}
		if got != want || got.Validate() != nil {
			t.Errorf("%v is %q (%v), want %q", value, got, got.Validate(), want)
		}
	}
	for _, text := range []evidence.Decimal{"1e3", "+1", "01", ".5", "5.", "-0", " 1", "1 ", "0x1", "NaN", "Infinity", "1_000", "١"} {
		if text.Validate() == nil {
			t.Errorf("%q passes for a decimal", text)
		}
	}
}

func TestPeopleReadNumbers(t *testing.T) {
	text, err := evidence.MarshalNumbers([]evidence.Measurement{{Name: "auroc", Value: "0.98", N: 3}})
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	if err := json.Unmarshal(text, &rows); err != nil || rows[0]["value"] != 0.98 || rows[0]["low"] != nil {
		t.Errorf("%s (%v)", text, err)
	}
}

// FuzzVerifyBelievesOnlyWhatWasSigned: whatever opens says what was signed.
func FuzzVerifyBelievesOnlyWhatWasSigned(f *testing.F) {
	signer, trust := keys(f)
	envelope := sign(f, signer, statement())
	f.Add([]byte(envelope))
	f.Add([]byte(base64.StdEncoding.EncodeToString(envelope)))
	f.Fuzz(func(t *testing.T, content []byte) {
		if read, err := trust.Verify(t.Context(), content); err == nil && !reflect.DeepEqual(read, signed()) {
			t.Errorf("believed %q", content)
		}
	})
}
