package evidence_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// authority is the smallest verifier of certificates: it says the same of every
// envelope, and counts how often it was asked.
type authority struct {
	identity evidence.Identity
	err      error
	asked    int
}

func (a *authority) Identify(evidence.Envelope) (evidence.Identity, error) {
	a.asked++
	return a.identity, a.err
}

// certified is an envelope with a certificate, which its verifier alone reads.
func certified(t *testing.T, payload []byte) string {
	t.Helper()
	return fmt.Sprintf(`{"mediaType":%q,"verificationMaterial":{"certificate":{"rawBytes":"AA=="},"tlogEntries":[]},`+
		`"dsseEnvelope":{"payload":%q,"payloadType":%q,"signatures":[{"sig":"AA=="}]}}`,
		evidence.BundleType, base64.StdEncoding.EncodeToString(payload), evidence.PayloadType)
}

func encoded(t *testing.T) []byte {
	t.Helper()
	payload, err := statement().Encode()
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// Several may be trusted by one authority; it is asked once, and each is
// believed for their own claims.
func TestAnAuthorityIsAskedOnce(t *testing.T) {
	known := &authority{identity: evidence.Identity{Issuer: "https://i", Subject: "ada"}}
	person := func(name, subject string, predicates ...string) evidence.TrustedKey {
		return evidence.TrustedKey{Name: name, Certificates: known, Identity: evidence.Identity{Issuer: "https://i", Subject: subject}, Predicates: predicates}
	}
	trust := evidence.Trust{
		person("bea", "bea", evidence.MeasurementsType), person("ada, trainer", "ada", evidence.ProvenanceType),
		person("ada, measurer", "ada", evidence.MeasurementsType), person("ad", "ad", evidence.MeasurementsType),
	}
	read, err := trust.Verify(t.Context(), evidence.Envelope(certified(t, encoded(t))))
	if err != nil || read.By.Name != "ada, measurer" || known.asked != 1 {
		t.Errorf("by %+v, asked %d times: %v", read.By, known.asked, err)
	}
}

func TestWhatAnAuthorityRefusesIsToldWithItsReason(t *testing.T) {
	refusing := &authority{err: errors.New("the certificate had ended")}
	trust := evidence.Trust{{Name: "ada", Certificates: refusing, Predicates: evidence.PredicateTypes()}}
	_, err := trust.Verify(t.Context(), evidence.Envelope(certified(t, encoded(t))))
	if !errors.Is(err, evidence.ErrUntrusted) || !strings.Contains(err.Error(), "the certificate had ended") {
		t.Errorf("got %v", err)
	}
}

// Others sign their own statements in their own names on the same artifact.
func TestStatementsOfOtherNamesArePassedOver(t *testing.T) {
	payload := `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":"` + subject.Digest.Hex() +
		`"}}],"predicateType":"https://spdx.dev/Document","predicate":{}}`
	_, keys := keys(t)
	names := evidence.Trust{{Name: "ada", Certificates: &authority{err: errors.New("of another authority")}, Predicates: evidence.PredicateTypes()}}
	for name, trust := range map[string]evidence.Trust{"keys": keys, "names": names} {
		opened := evidence.Open(t.Context(), trust, subject, []evidence.Envelope{evidence.Envelope(certified(t, []byte(payload)))})
		if len(opened.Statements)+len(opened.Problems) != 0 {
			t.Errorf("where %s are trusted: %+v", name, opened)
		}
	}
}

// An envelope says in one way who signed it.
func TestAnEnvelopeHasOneSigner(t *testing.T) {
	known := &authority{identity: evidence.Identity{Issuer: "https://i", Subject: "ada"}}
	trust := evidence.Trust{{Name: "ada", Certificates: known, Identity: known.identity, Predicates: evidence.PredicateTypes()}}
	good := certified(t, encoded(t))
	if _, err := trust.Verify(t.Context(), evidence.Envelope(good)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a key as well":            {`"tlogEntries"`, `"publicKey":{"hint":"x"},"tlogEntries"`},
		"a key's name":             {`{"sig":`, `{"keyid":"x","sig":`},
		"a certificate twice":      {`"tlogEntries"`, `"certificate":{"rawBytes":"AQ=="},"tlogEntries"`},
		"in another case":          {`"tlogEntries"`, `"Certificate":{"rawBytes":"AQ=="},"tlogEntries"`},
		"a chain of certificates":  {`"certificate":{"rawBytes":"AA=="}`, `"x509CertificateChain":{"certificates":[{"rawBytes":"AA=="}]}`},
		"a part of no certificate": {`{"rawBytes":"AA=="}`, `{"rawBytes":"AA==","trusted":true}`},
		"two signatures":           {`{"sig":"AA=="}`, `{"sig":"AA=="},{"sig":"AA=="}`},
		"loose base64":             {`{"sig":"AA=="}`, `{"sig":"AB=="}`},
		"another payload type":     {evidence.PayloadType, "text/plain"},
	} {
		changed := strings.Replace(good, change[0], change[1], 1)
		if changed == good {
			t.Fatalf("%s: the case changes nothing", name)
		}
		if read, err := trust.Verify(t.Context(), evidence.Envelope(changed)); err == nil {
			t.Errorf("%s: it says %+v", name, read)
		}
	}
}
