package openvex_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/openvex"
)

const (
	image   = "pkg:oci/predictor@sha256%3A" + "00aa?arch=amd64&repository_url=registry.example%2Fserving%2Fpredictor"
	openssl = "pkg:deb/debian/libssl3@3.0.1?arch=amd64&distro=debian-12.7"
)

// document holds the statements, of which each is JSON.
func document(statements ...string) string {
	return fmt.Sprintf(`{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex/1", "author": "Ada <ada@example.org>",
		"timestamp": "2026-11-01T00:00:00Z", "last_updated": "2026-11-02T00:00:00Z", "version": 1, "statements": [%s]}`, strings.Join(statements, ","))
}

func statement(product, status string) string {
	return fmt.Sprintf(`{"vulnerability": {"name": "CVE-2099-0001", "aliases": ["GHSA-0001"]}, "products": [%s], %s}`, product, status)
}

const (
	notAffected   = `"status": "not_affected", "justification": "vulnerable_code_not_present"`
	affected      = `"status": "affected", "action_statement": "rebuild"`
	investigating = `"status": "under_investigation"`
	fixed         = `"status": "fixed"`
)

func id(purl string) string { return fmt.Sprintf(`{"@id": %q}`, purl) }

func parse(t *testing.T, text string) openvex.Document {
	t.Helper()
	read, err := openvex.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestAClaimIsAboutWhatItNames(t *testing.T) {
	for claim, row := range map[string]struct {
		product string
		about   bool
	}{
		"the package":                 {id(openssl), true},
		"any version of it":           {id("pkg:deb/debian/libssl3"), true},
		"the package by identifier":   {`{"identifiers": {"purl": "pkg:deb/debian/libssl3@3.0.1"}}`, true},
		"another version":             {id("pkg:deb/debian/libssl3@3.0.2"), false},
		"another architecture":        {id("pkg:deb/debian/libssl3@3.0.1?arch=arm64"), false},
		"a longer name":               {id("pkg:deb/debian/libssl"), false},
		"another distribution":        {id("pkg:deb/ubuntu/libssl3"), false},
		"a language's package":        {id("pkg:pypi/libssl3@3.0.1"), false},
		"the image":                   {id("pkg:oci/predictor@sha256%3A00aa"), true},
		"the image at its place":      {id("pkg:oci/predictor?repository_url=registry.example%2Fserving%2Fpredictor"), true},
		"an image at another place":   {id("pkg:oci/predictor?repository_url=elsewhere.example%2Fpredictor"), false},
		"another image":               {id("pkg:oci/predictor@sha256%3A00ab"), false},
		"the package in the image":    {`{"@id": "pkg:oci/predictor", "subcomponents": [{"@id": "pkg:deb/debian/libssl3"}]}`, true},
		"another package in it":       {`{"@id": "pkg:oci/predictor", "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]}`, false},
		"a hash, which nobody asks":   {`{"@id": "https://example.org/p", "hashes": {"sha-256": "00aa"}}`, false},
		"text that is no package URL": {id("pkg:"), false},
	} {
		read := parse(t, document(statement(row.product, notAffected)))
		by, said, harmless := openvex.Harmless([]openvex.Document{read}, "CVE-2099-0001", openvex.Place{Image: image, Package: openssl})
		if harmless != row.about {
			t.Errorf("%s: %v", claim, harmless)
		}
		if harmless && (by.Author != "Ada <ada@example.org>" || said.Justification != "vulnerable_code_not_present") {
			t.Errorf("%s: %+v by %+v", claim, said, by)
		}
	}
}

func TestAVulnerabilityHasSeveralNames(t *testing.T) {
	read := []openvex.Document{parse(t, document(statement(id(openssl), fixed)))}
	for name, known := range map[string]bool{"CVE-2099-0001": true, "GHSA-0001": true, "CVE-2099-0002": false, "": false} {
		if _, _, harmless := openvex.Harmless(read, name, openvex.Place{Package: openssl}); harmless != known && name != "" {
			t.Errorf("%q: %v", name, harmless)
		}
	}
}

func TestWhereTwoDisagreeTheVulnerabilityCounts(t *testing.T) {
	of := func(status string) string { return document(statement(id(openssl), status)) }
	dated := func(status, day string) string {
		return statement(id(openssl), status+`, "timestamp": "2026-11-`+day+`T00:00:00Z"`)
	}
	for claim, row := range map[string]struct {
		documents []string
		harmless  bool
	}{
		"nobody says anything":           {nil, false},
		"it is affected":                 {[]string{of(affected)}, false},
		"it is looked into":              {[]string{of(investigating)}, false},
		"it is fixed":                    {[]string{of(fixed)}, true},
		"two agree":                      {[]string{of(fixed), of(notAffected)}, true},
		"the second disagrees":           {[]string{of(notAffected), of(affected)}, false},
		"the first disagrees":            {[]string{of(investigating), of(notAffected)}, false},
		"taken back later":               {[]string{document(dated(notAffected, "03"), dated(affected, "04"))}, false},
		"taken back, and written before": {[]string{document(dated(affected, "04"), dated(notAffected, "03"))}, false},
		"cleared later":                  {[]string{document(dated(notAffected, "04"), dated(investigating, "03"))}, true},
		"the later of two of one day":    {[]string{document(dated(affected, "03"), dated(notAffected, "03"))}, true},
		"the image is fine, the package is not": {[]string{document(
			statement(id("pkg:oci/predictor"), notAffected), statement(id(openssl), affected))}, false},
	} {
		var read []openvex.Document
		for _, text := range row.documents {
			read = append(read, parse(t, text))
		}
		if _, _, harmless := openvex.Harmless(read, "CVE-2099-0001", openvex.Place{Image: image, Package: openssl}); harmless != row.harmless {
			t.Errorf("%s: %v", claim, harmless)
		}
	}
}

func TestADocumentIsReadInWholeOrNotAtAll(t *testing.T) {
	good := document(statement(id(openssl), notAffected))
	if read := parse(t, good); read.Updated.Day() != 2 || read.ID != "https://example.org/vex/1" {
		t.Errorf("read %+v", read)
	}
	for claim, text := range map[string]string{
		"another version of OpenVEX":         strings.Replace(good, "v0.2.0", "v0.0.1", 1),
		"no author":                          strings.Replace(good, "Ada <ada@example.org>", "", 1),
		"no name":                            strings.Replace(good, "https://example.org/vex/1", "", 1),
		"no time":                            strings.Replace(good, `"timestamp": "2026-11-01T00:00:00Z",`, "", 1),
		"a time in other words":              strings.Replace(good, "2026-11-01T00:00:00Z", "yesterday", 1),
		"version 0":                          strings.Replace(good, `"version": 1`, `"version": 0`, 1),
		"no statement":                       document(),
		"no product":                         strings.Replace(good, id(openssl), "", 1),
		"no vulnerability":                   strings.Replace(good, "CVE-2099-0001", "", 1),
		"not affected, without a reason":     document(statement(id(openssl), `"status": "not_affected"`)),
		"a reason of its own":                document(statement(id(openssl), `"status": "not_affected", "justification": "trust me"`)),
		"not affected, with an impact alone": document(statement(id(openssl), `"status": "not_affected", "impact_statement": "none"`)),
		"fixed, with a reason":               document(statement(id(openssl), fixed+`, "justification": "component_not_present"`)),
		"affected, without an action":        document(statement(id(openssl), `"status": "affected"`)),
		"fixed, with an action":              document(statement(id(openssl), fixed+`, "action_statement": "x"`)),
		"a status of its own":                document(statement(id(openssl), `"status": "harmless"`)),
		"a key twice":                        strings.Replace(good, `"version": 1`, `"version": 1, "version": 1`, 1),
		"a key in another case":              strings.Replace(good, `"author"`, `"Author"`, 1),
		"a key that nobody knows":            strings.Replace(good, `"version": 1`, `"version": 1, "trusted": true`, 1),
		"two documents":                      good + good,
		"no JSON":                            "not_affected",
		"not UTF-8":                          strings.Replace(good, "Ada", "\xff", 1),
		"endless":                            good + strings.Repeat(" ", openvex.MaxDocument),
	} {
		if read, err := openvex.Parse([]byte(text)); err == nil {
			t.Errorf("%s: read %+v", claim, read)
		}
	}
}

// Whatever is read, what sets a vulnerability aside is a harmless status, with
// its reason, of an author, at a time.
func FuzzNothingIsSetAsideWithoutAReason(f *testing.F) {
	for _, status := range []string{notAffected, affected, investigating, fixed} {
		f.Add([]byte(document(statement(id(openssl), status))))
	}
	f.Add([]byte(document(statement(`{"@id": "pkg:oci/predictor", "subcomponents": [{"@id": "pkg:deb/debian/libssl3"}]}`, notAffected))))
	f.Fuzz(func(t *testing.T, content []byte) {
		read, err := openvex.Parse(content)
		if err != nil {
			return
		}
		by, said, harmless := openvex.Harmless([]openvex.Document{read}, "CVE-2099-0001", openvex.Place{Image: image, Package: openssl})
		if !harmless {
			return
		}
		reasoned := said.Status == openvex.Fixed || said.Status == openvex.NotAffected && said.Justification != ""
		if !reasoned || by.Author == "" || by.Updated.IsZero() {
			t.Errorf("%q sets it aside: %+v by %+v", content, said, by)
		}
	})
}
