package evidence_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

const bill = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"purl":"pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12"}]}`

func TestABillOfMaterialsIsSignedByteForByte(t *testing.T) {
	signer, trust := keys(t)
	trust[0].Predicates = []string{evidence.ComponentsType}
	read, err := trust.Verify(t.Context(), sign(t, signer, evidence.Listed(subject, []byte(bill))))
	if err != nil || string(read.Components.Document) != bill {
		t.Errorf("read %+v, %v", read.Components, err)
	}
	encoded, err := evidence.Listed(subject, []byte(bill)).Encode()
	if err != nil || !bytes.Contains(encoded, []byte(bill)) {
		t.Errorf("%s, %v", encoded, err)
	}
}

func TestOnlyABillOfMaterialsIsSignedAsOne(t *testing.T) {
	for claim, text := range map[string]string{
		"nothing":            "",
		"no JSON":            "CycloneDX",
		"a list":             "[]",
		"SPDX":               `{"spdxVersion":"SPDX-2.3"}`,
		"a key twice":        strings.Replace(bill, `"specVersion"`, `"bomFormat":"CycloneDX","specVersion"`, 1),
		"something behind":   bill + "{}",
		"white space":        bill + "\n",
		"white space within": strings.Replace(bill, ":", ": ", 1),
		"endless":            strings.Replace(bill, "libc6", strings.Repeat("x", 4<<20), 1),
	} {
		if encoded, err := evidence.Listed(subject, []byte(text)).Encode(); err == nil {
			t.Errorf("%s: %.200s", claim, encoded)
		}
	}
}

// What somebody else wrote is read as he wrote it, and refused where it is no
// bill of materials.
func TestABillOfMaterialsOfAnotherWriterIsReadAsItIs(t *testing.T) {
	for predicate, fine := range map[string]bool{
		`{"bomFormat": "CycloneDX"}`: true, `{"bomFormat":"SPDX"}`: false, `"CycloneDX"`: false, `null`: false,
		`{"bomFormat":"CycloneDX","bomFormat":"CycloneDX"}`: false,
	} {
		signed, err := evidence.SignPayload(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":"` +
			subject.Digest.Hex() + `"}}],"predicateType":"https://cyclonedx.org/bom","predicate":` + predicate + `}`)
		if err != nil {
			t.Fatal(err)
		}
		read, err := evidence.Trust{signed.Key}.Verify(t.Context(), signed.Envelope)
		if (err == nil) != fine || fine && string(read.Components.Document) != predicate {
			t.Errorf("%s: %+v, %v", predicate, read.Components, err)
		}
	}
}
