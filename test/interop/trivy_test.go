package interop

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlops-clinical-trials/assay/gates/security"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

// laboratory holds one image twice, in a registry for the gate and as a layout
// for the trivy command, and one database for both.
type laboratory struct {
	gate   security.Gate
	image  string // reference by digest
	layout string
	cache  string // of the command
}

func newLaboratory(t *testing.T) laboratory {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	host := server.Listener.Addr().String()
	built := time.Now().Add(-time.Hour)
	database, err := images.PushVulnerabilityDatabase(t.Context(), host+"/trivy-db", built, advisories)
	if err != nil {
		t.Fatal(err)
	}
	serving := servingImage(t)
	lab := laboratory{
		gate:   security.Gate{Database: database, CacheDir: t.TempDir(), Insecure: true},
		layout: layoutOf(t, serving), cache: t.TempDir(),
	}
	if lab.image, err = images.Push(t.Context(), host+"/serving/predictor", serving); err != nil {
		t.Fatal(err)
	}
	return lab
}

// scan lets the gate look, and then gives the command the database that the
// gate has used.
func (l laboratory) scan(t *testing.T, exploitability ...[]byte) security.Image {
	t.Helper()
	found, err := l.gate.Scan(t.Context(), l.image, exploitability)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := filepath.Glob(filepath.Join(l.gate.CacheDir, "vulnerability-database", "*"))
	if err != nil || len(unpacked) != 1 {
		t.Fatalf("the gate keeps %v (%v)", unpacked, err)
	}
	if err := os.RemoveAll(filepath.Join(l.cache, "db")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(l.cache, "db"), os.DirFS(unpacked[0])); err != nil {
		t.Fatal(err)
	}
	return found
}

// trivy runs the command, built from the module that the gate links.
func (l laboratory) trivy(t *testing.T, into any, arguments ...string) {
	t.Helper()
	binary, err := filepath.Abs(filepath.Join("..", "..", ".assay", "bin", "trivy"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	arguments = append(arguments, "--quiet", "--cache-dir", l.cache, "--skip-db-update", "--skip-java-db-update", "--offline-scan",
		"--skip-version-check", "--disable-telemetry")
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + l.cache}
	said, err := command.Output()
	if err != nil {
		t.Fatalf("trivy %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
	if err := json.Unmarshal(said, into); err != nil {
		t.Fatalf("trivy %s: %v\n%s", strings.Join(arguments, " "), err, said)
	}
}

// report is what the command prints as JSON.
type report struct {
	Results []struct {
		Packages        []struct{ Name string }
		Vulnerabilities []struct{ VulnerabilityID, PkgName, InstalledVersion, FixedVersion, Severity string }
		Licenses        []struct{ PkgName, Name, Category string }
	}
}

func (r report) vulnerabilities() []string {
	var lines []string
	for _, result := range r.Results {
		for _, one := range result.Vulnerabilities {
			lines = append(lines, fmt.Sprint(one.VulnerabilityID, " ", one.PkgName, " ", one.InstalledVersion, " ",
				strings.ToLower(one.Severity), " ", one.FixedVersion))
		}
	}
	return sorted(lines)
}

func (r report) licences() []string {
	var lines []string
	for _, result := range r.Results {
		for _, one := range result.Licenses {
			lines = append(lines, fmt.Sprint(one.PkgName, " ", one.Name, " ", one.Category))
		}
	}
	return sorted(lines)
}

// counting lists what the gate does not set aside.
func counting(found security.Image) []string {
	var lines []string
	for _, one := range found.Vulnerabilities {
		if one.Excuse == nil {
			lines = append(lines, fmt.Sprint(one.ID, " ", one.Package, " ", one.Version, " ", one.Severity, " ", one.Fixed))
		}
	}
	return sorted(lines)
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return slices.Compact(lines)
}

// equal compares, and wants that there is something to compare.
func equal(t *testing.T, what string, least int, ours, theirs []string) {
	t.Helper()
	if len(ours) < least || !slices.Equal(ours, theirs) {
		t.Errorf("%s: the gate has %d\n%s\ntrivy has %d\n%s", what, len(ours), strings.Join(ours, "\n"), len(theirs), strings.Join(theirs, "\n"))
	}
}

func TestTheGateFindsWhatTheTrivyCommandFinds(t *testing.T) {
	lab := newLaboratory(t)
	ours := lab.scan(t)
	var theirs report
	lab.trivy(t, &theirs, "image", "--input", lab.layout, "--format", "json", "--scanners", "vuln,license", "--list-all-pkgs")
	packages := 0
	for _, result := range theirs.Results {
		packages += len(result.Packages)
	}
	if ours.Packages != packages || packages < 15 {
		t.Errorf("the gate has %d packages, trivy has %d", ours.Packages, packages)
	}
	equal(t, "vulnerabilities", 10, counting(ours), theirs.vulnerabilities())
	var licences []string
	for _, one := range ours.Licences {
		licences = append(licences, fmt.Sprint(one.Package, " ", one.Name, " ", one.Class))
	}
	equal(t, "licences", 10, sorted(licences), theirs.licences())
}

// bill is a CycloneDX document, without what differs each time that trivy
// writes one.
type bill struct {
	SpecVersion string
	Components  []struct {
		Type, Name, Version, PURL string
		Licenses                  []any
		Properties                []struct{ Name, Value string }
	}
}

func (b bill) components(t *testing.T) []string {
	t.Helper()
	lines := []string{"CycloneDX " + b.SpecVersion}
	for _, one := range b.Components {
		text, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	return sorted(lines)
}

func TestTheBillOfMaterialsIsThatOfTheTrivyCommand(t *testing.T) {
	lab := newLaboratory(t)
	found := lab.scan(t)
	var ours, theirs bill
	if err := json.Unmarshal(found.Bill.Document, &ours); err != nil {
		t.Fatal(err)
	}
	lab.trivy(t, &theirs, "image", "--input", lab.layout, "--format", "cyclonedx")
	equal(t, "components", 15, ours.components(t), theirs.components(t))
}

// An auditor has the bill of materials and no image: what he finds with a later
// database is what the image would give.
func TestTheBillOfMaterialsCanBeScannedAgain(t *testing.T) {
	lab := newLaboratory(t)
	ours := lab.scan(t)
	file := filepath.Join(t.TempDir(), "sbom.json")
	if err := os.WriteFile(file, ours.Bill.Document, 0o600); err != nil {
		t.Fatal(err)
	}
	var theirs report
	lab.trivy(t, &theirs, "sbom", file, "--format", "json", "--scanners", "vuln")
	equal(t, "vulnerabilities", 10, counting(ours), theirs.vulnerabilities())
}

// vex is a document that sets CVE-2099-0003 aside, which is in zlib1g.
func vex(t *testing.T, product string) (document []byte, file string) {
	t.Helper()
	document = fmt.Appendf(nil, `{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "Ada",
		"timestamp": "2026-11-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-2099-0003"}, "products": [%s],
		"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}]}`, product)
	file = filepath.Join(t.TempDir(), "vex.json")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	return document, file
}

func TestExploitabilityMeansWhatItMeansToTheTrivyCommand(t *testing.T) {
	lab := newLaboratory(t)
	all := counting(lab.scan(t))
	_, digest, _ := strings.Cut(lab.image, "@sha256:")
	image := "pkg:oci/predictor@sha256%3A" + digest
	place, _, _ := strings.Cut(lab.image, "@")
	for claim, row := range map[string]struct {
		product string
		aside   int
	}{
		"a package of a version":    {`{"@id": "pkg:deb/debian/zlib1g@1.2.13.dfsg-1"}`, 1},
		"with its epoch":            {`{"@id": "pkg:deb/debian/zlib1g@1.2.13.dfsg-1?epoch=1"}`, 1},
		"of another epoch":          {`{"@id": "pkg:deb/debian/zlib1g@1.2.13.dfsg-1?epoch=2"}`, 0},
		"of any version":            {`{"identifiers": {"purl": "pkg:deb/debian/zlib1g"}}`, 1},
		"of another version":        {`{"@id": "pkg:deb/debian/zlib1g@1.2.14"}`, 0},
		"the source package":        {`{"@id": "pkg:deb/debian/zlib"}`, 0},
		"the image":                 {`{"@id": "` + image + `"}`, 1},
		"the image at its place":    {`{"@id": "` + image + `?repository_url=` + place + `"}`, 1},
		"the image elsewhere":       {`{"@id": "` + image + `?repository_url=registry.example"}`, 0},
		"the package in the image":  {`{"@id": "` + image + `", "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]}`, 1},
		"another package in it":     {`{"@id": "` + image + `", "subcomponents": [{"@id": "pkg:deb/debian/bash"}]}`, 0},
		"the package in another":    {`{"@id": "pkg:oci/other", "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]}`, 0},
		"the image of another name": {`{"@id": "pkg:oci/other@sha256%3A` + digest + `"}`, 0},
	} {
		t.Run(claim, func(t *testing.T) {
			document, file := vex(t, row.product)
			ours := counting(lab.scan(t, document))
			var theirs report
			lab.trivy(t, &theirs, "image", lab.image, "--image-src", "remote", "--format", "json", "--scanners", "vuln", "--vex", file)
			equal(t, "vulnerabilities", len(all)-1, ours, theirs.vulnerabilities())
			if len(ours) != len(all)-row.aside {
				t.Errorf("%d of %d are left", len(ours), len(all))
			}
		})
	}
}
