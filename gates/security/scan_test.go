package security_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

// python is an image with Debian's and Python's packages.
func (c clinic) python(t *testing.T, repository string, wheels ...images.Wheel) string {
	t.Helper()
	image, err := images.Serving([]images.Package{
		{Name: "libc6", Version: "2.36-9", Source: "glibc", Licence: "LGPL-2.1"},
		{Name: "libssl3", Version: "3.0.1", Source: "openssl", Licence: "Apache-2.0"},
	}, wheels...)
	if err != nil {
		t.Fatal(err)
	}
	reference, err := images.Push(t.Context(), c.host+"/"+repository, image)
	if err != nil {
		t.Fatal(err)
	}
	return reference
}

var numpyFlaw = images.Advisory{
	ID: "CVE-2099-0002", Bucket: images.PyPI, Package: "numpy", Range: "<1.26.5", Fixed: "1.26.5",
	Severity: "HIGH", Title: "made up", Score: 7.5,
}

func TestTheTrainingImageIsCountedApart(t *testing.T) {
	clinic := newClinic(t, opensslFlaw, numpyFlaw)
	candidate := clinic.candidate(t, "3.0.2")
	candidate.TrainingImage = clinic.python(t, "training", images.Wheel{Name: "numpy", Version: "1.26.4"})
	all := measure(t, clinic.gate, candidate)
	for _, want := range []struct{ name, group, value string }{
		{"training_images", "", "1"}, {"training_packages_scanned", "", "3"}, {"packages_scanned", "", "2"},
		{"training_operating_system_supported", "", "1"},
		{"training_vulnerabilities", "critical", "1"}, {"vulnerabilities", "critical", "0"},
		{"training_vulnerabilities", "high", "1"}, {"vulnerabilities", "high", "0"},
		{"training_fixable_vulnerabilities", "critical", "1"},
		{"training_vulnerability", "CVE-2099-0001 libssl3 3.0.1", "9.8"}, {"training_vulnerability", "CVE-2099-0002 numpy 1.26.4", "7.5"},
	} {
		if got := value(t, all, want.name, want.group); string(got.Value) != want.value {
			t.Errorf("%s %s is %+v", want.name, want.group, got)
		}
	}
}

func TestNoTrainingImageIsExplainedOrNotExcused(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	for trainer, method := range map[string]string{
		"logistic": "the logistic trainer is a part of this program",
		"command":  "", // it ran somewhere, and nobody knows in what
		"":         "",
	} {
		candidate.Model.Spec.Trainer.Kind = trainer
		if got := value(t, measure(t, clinic.gate, candidate), "training_images", ""); got.Value != "0" || got.Method != method {
			t.Errorf("%q: training_images is %+v", trainer, got)
		}
	}
}

func TestATrainingImageThatCannotBeReadIsAnError(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	for _, image := range []string{clinic.host + "/training:latest", clinic.host + "/training@sha256:" + strings.Repeat("0", 64)} {
		candidate.TrainingImage = image
		if _, err := clinic.gate.Measure(t.Context(), candidate); err == nil || !strings.Contains(err.Error(), image) {
			t.Errorf("%s: %v", image, err)
		}
	}
}

func TestTheSameImageHasTheSameBillWhereverItIsKept(t *testing.T) {
	clinic, mirror := newClinic(t), newClinic(t)
	numpy := images.Wheel{Name: "numpy", Version: "1.26.4", Licence: "BSD-3-Clause"}
	twice := images.Wheel{Name: "Foo_Bar", Version: "1"} // two names, one package URL
	again := images.Wheel{Name: "foo-bar", Version: "1"}
	first, err := clinic.gate.Components(t.Context(), clinic.python(t, "serving/predictor", numpy, twice, again))
	if err != nil {
		t.Fatal(err)
	}
	second, err := mirror.gate.Components(t.Context(), mirror.python(t, "hospital/mirror/predictor", numpy, twice, again))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("two bills of one image:\n%s\n%s", first, second)
	}
	other, err := clinic.gate.Components(t.Context(), clinic.python(t, "serving/predictor", numpy))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, other) {
		t.Error("another image has the same bill")
	}
}

func TestTheBillListsWhatIsInstalledAndNothingOfTheDay(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	candidate.Image = clinic.python(t, "serving/predictor", images.Wheel{Name: "numpy", Version: "1.26.4", Licence: "BSD-3-Clause"})
	bill, err := clinic.gate.Components(t.Context(), candidate.Image)
	if err != nil {
		t.Fatal(err)
	}
	measured := value(t, measure(t, clinic.gate, candidate), "sbom", string(evidence.Sum(bill)))
	if measured.Value != "4" || measured.N != 4 || measured.Method != "CycloneDX 1.6" {
		t.Errorf("sbom is %+v", measured)
	}
	var document struct {
		BOMFormat, SpecVersion, SerialNumber string
		Metadata                             struct{ Component struct{ Name, PURL string } }
		Components                           []struct{ Type, Name, PURL string }
	}
	if err := json.Unmarshal(bill, &document); err != nil {
		t.Fatal(err)
	}
	_, digest, _ := strings.Cut(candidate.Image, "@")
	root := document.Metadata.Component
	if document.BOMFormat != "CycloneDX" || document.SpecVersion != "1.6" || root.Name != digest ||
		root.PURL != "pkg:oci/predictor@"+strings.Replace(digest, ":", "%3A", 1)+"?arch=amd64" {
		t.Errorf("the bill is %+v", document)
	}
	found := map[string]bool{}
	for _, one := range document.Components {
		found[one.Type+" "+one.Name+" "+one.PURL] = true
	}
	for _, want := range []string{
		"operating-system debian ", "library numpy pkg:pypi/numpy@1.26.4",
		"library libssl3 pkg:deb/debian/libssl3@3.0.1?arch=amd64&distro=debian-12.7",
		"library libc6 pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12.7",
	} {
		if !found[want] {
			t.Errorf("there is no %q in %v", want, found)
		}
	}
	if len(document.Components) != 4 {
		t.Errorf("%d components", len(document.Components))
	}
	if text := string(bill); strings.Contains(text, "timestamp") || strings.Contains(text, clinic.host) || strings.Contains(text, `\u0026`) {
		t.Errorf("the bill is %s", text)
	}
}

// vex is an OpenVEX document with one statement.
func vex(id, product, status string) []byte {
	return fmt.Appendf(nil, `{"@context": "https://openvex.dev/ns/v0.2.0", "@id": %q, "author": "Ada",
		"timestamp": "2026-11-01T00:00:00Z", "version": 1, "statements": [
		{"vulnerability": {"name": "CVE-2099-0001"}, "products": [{"@id": %q}], %s}]}`, id, product, status)
}

const (
	aside    = `"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"`
	libssl   = "pkg:deb/debian/libssl3@3.0.1"
	affected = `"status": "affected", "action_statement": "rebuild the image"`
)

func TestWhatDoesNoHarmIsCountedApart(t *testing.T) {
	clinic := newClinic(t, opensslFlaw)
	candidate := clinic.candidate(t, "3.0.1")
	_, digest, _ := strings.Cut(candidate.Image, "@")
	for claim, row := range map[string]struct {
		documents [][]byte
		aside     bool
	}{
		"no document":                 {nil, false},
		"of the package":              {[][]byte{vex("a", libssl, aside)}, true},
		"of the image by its digest":  {[][]byte{vex("a", "pkg:oci/predictor@"+strings.Replace(digest, ":", "%3A", 1), aside)}, true},
		"of the image at its place":   {[][]byte{vex("a", "pkg:oci/predictor?repository_url="+clinic.host+"/serving/predictor", aside)}, true},
		"of another image":            {[][]byte{vex("a", "pkg:oci/predictor@sha256%3A"+strings.Repeat("0", 64), aside)}, false},
		"of the source package":       {[][]byte{vex("a", "pkg:deb/debian/openssl@3.0.1", aside)}, false},
		"of another version":          {[][]byte{vex("a", "pkg:deb/debian/libssl3@3.0.0", aside)}, false},
		"two that disagree":           {[][]byte{vex("a", libssl, aside), vex("b", libssl, affected)}, false},
		"that it does harm":           {[][]byte{vex("a", libssl, affected)}, false},
		"that it is fixed in the box": {[][]byte{vex("a", libssl, `"status": "fixed"`)}, true},
	} {
		t.Run(claim, func(t *testing.T) {
			candidate.Exploitability = row.documents
			all := measure(t, clinic.gate, candidate)
			counts, excused := "1", "0"
			if row.aside {
				counts, excused = excused, counts
			}
			for name, want := range map[string]string{
				"vulnerabilities": counts, "fixable_vulnerabilities": counts, "vulnerabilities_not_affected": excused,
			} {
				if got := value(t, all, name, "critical"); string(got.Value) != want {
					t.Errorf("%s is %+v", name, got)
				}
			}
			if got := value(t, all, "exploitability_documents", ""); string(got.Value) != excused || got.N != len(row.documents) {
				t.Errorf("exploitability_documents is %+v", got)
			}
			if !row.aside {
				value(t, all, "vulnerability", "CVE-2099-0001 libssl3 3.0.1")
				return
			}
			told := value(t, all, "vulnerability_not_affected", "CVE-2099-0001 libssl3 3.0.1")
			if !strings.HasPrefix(told.Method, "critical, ") || !strings.HasSuffix(told.Method, "; by Ada in a") {
				t.Errorf("vulnerability_not_affected is %+v", told)
			}
			document := value(t, all, "exploitability_document", "a")
			if document.Value != "1793491200" || document.Method != "Ada" || document.N != 1 {
				t.Errorf("exploitability_document is %+v", document)
			}
		})
	}
}

func TestADocumentThatCannotBeReadIsAnError(t *testing.T) {
	clinic := newClinic(t, opensslFlaw)
	candidate := clinic.candidate(t, "3.0.1")
	for claim, documents := range map[string][][]byte{
		"no justification":      {vex("a", libssl, `"status": "not_affected"`)},
		"two of one name":       {vex("a", libssl, aside), vex("a", libssl, affected)},
		"a good one and rubble": {vex("a", libssl, aside), []byte("{")},
		"a flood":               make([][]byte, 65),
	} {
		candidate.Exploitability = documents
		if _, err := clinic.gate.Measure(t.Context(), candidate); err == nil || !strings.Contains(err.Error(), "OpenVEX") {
			t.Errorf("%s: %v", claim, err)
		}
	}
}

func TestLicencesAreCountedByClass(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	candidate.Image = clinic.python(t, "serving/predictor",
		images.Wheel{Name: "numpy", Version: "1.26.4", Licence: "BSD-3-Clause"},
		images.Wheel{Name: "ghost", Version: "1", Licence: "AGPL-3.0"},
		images.Wheel{Name: "either", Version: "1", Licence: "MIT OR AGPL-3.0"},
		images.Wheel{Name: "own", Version: "1", Licence: "Hospital-Internal"},
		images.Wheel{Name: "silent", Version: "1"})
	all := measure(t, clinic.gate, candidate)
	for _, want := range []struct{ name, group, value string }{
		{"packages_with_licence", "", "6"}, {"licences", "forbidden", "1"}, {"licences", "restricted", "1"},
		{"licences", "notice", "3"}, {"licences", "unknown", "1"}, {"licences", "reciprocal", "0"},
		{"licence", "AGPL-3.0-only ghost", "1"}, {"licence", "Hospital-Internal own", "1"},
	} {
		if got := value(t, all, want.name, want.group); string(got.Value) != want.value {
			t.Errorf("%s %s is %+v\n%s", want.name, want.group, got, text(t, all))
		}
	}
}

func TestAScanTellsAllOfAnImage(t *testing.T) {
	clinic := newClinic(t, opensslFlaw, numpyFlaw)
	image := clinic.python(t, "serving/predictor", images.Wheel{Name: "numpy", Version: "1.26.4"})
	found, err := clinic.gate.Scan(t.Context(), image, [][]byte{vex("a", libssl, aside)})
	if err != nil {
		t.Fatal(err)
	}
	if found.System != "debian 12.7" || !found.Supported || found.Packages != 3 || found.Unlicensed != 1 || len(found.Vulnerabilities) != 2 {
		t.Errorf("found %+v", found)
	}
	if excused := found.Vulnerabilities[0].Excuse; excused == nil || excused.Author != "Ada" {
		t.Errorf("found %+v", found.Vulnerabilities)
	}
	var _ gates.Gate = clinic.gate
}
