package interop

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// An auditor gets the bill of materials with cosign's own name for it, and its
// digest is the one that the security gate measured.
func TestCosignHandsOutTheBillOfMaterials(t *testing.T) {
	document := newLaboratory(t).scan(t).Bill.Document
	n := newNotary(t)
	signer, public := signerOf(t, privateKeys(t)["ecdsa"])
	n.write(t, "ours.pub", public)
	envelope, err := signer.Sign(t.Context(), evidence.Listed(n.artifact.Subject(), document))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.place.Push(t.Context(), n.artifact, []evidence.Envelope{envelope}); err != nil {
		t.Fatal(err)
	}
	said, err := n.verify(t.Context(), "ours.pub", "cyclonedx")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var signed struct{ Payload string }
	if err := json.Unmarshal([]byte(said[strings.Index(said, `{"payload`):]), &signed); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	payload, err := base64.StdEncoding.DecodeString(signed.Payload)
	if err != nil {
		t.Fatal(err)
	}
	var statement struct{ Predicate json.RawMessage }
	if err := json.Unmarshal(payload, &statement); err != nil || evidence.Sum(statement.Predicate) != evidence.Sum(document) {
		t.Errorf("cosign hands out %s (%v)", payload, err)
	}
}
