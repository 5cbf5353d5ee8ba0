package security

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aquasecurity/trivy-db/pkg/db"
	advisory "github.com/aquasecurity/trivy-db/pkg/types"
	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	"github.com/aquasecurity/trivy/pkg/scan/langpkg"
	"github.com/aquasecurity/trivy/pkg/scan/ospkg"
	"github.com/aquasecurity/trivy/pkg/types"
	"github.com/aquasecurity/trivy/pkg/vulnerability"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/openvex"
)

// Vulnerability is a known vulnerability of an installed package.
type Vulnerability struct {
	ID       string
	Package  string
	Version  string
	Severity string  // critical, high, medium, low or unknown
	Fixed    string  // the version that fixes it; empty where none does
	Score    float64 // CVSS base score; zero where nobody has scored it
	Excuse   *Excuse // what sets it aside; nil where nothing does
}

func (v Vulnerability) name() string { return strings.Join([]string{v.ID, v.Package, v.Version}, " ") }

// scan is what Trivy's detectors say of an image.
type scan struct {
	system    string // "debian 12.7"; empty when there is none
	supported bool   // on the day on which the database was built
	results   types.Results
}

// packagesOf lists packages without asking for advisories.
func packagesOf(ctx context.Context, detail fanal.ArtifactDetail) (types.Results, error) {
	found, err := ask(ctx, detail, types.SBOMScanner)
	return found.results, err
}

// detect compares the packages with the advisories of the open database.
func detect(ctx context.Context, detail fanal.ArtifactDetail) (found scan, err error) {
	defer catchDamage(&err)()
	found, err = ask(ctx, detail, types.VulnerabilityScanner)
	for _, result := range found.results {
		vulnerability.NewClient(db.Config{}).FillInfo(result.Vulnerabilities, []advisory.SourceID{"auto"})
	}
	return found, err
}

func ask(ctx context.Context, detail fanal.ArtifactDetail, what types.Scanner) (found scan, err error) {
	target := types.ScanTarget{
		OS: detail.OS, Repository: detail.Repository,
		Packages: detail.Packages, Applications: detail.Applications,
	}
	options := types.ScanOptions{Scanners: types.Scanners{what}}
	if found.results, err = langpkg.NewScanner().Scan(ctx, target, options); err != nil {
		return scan{}, err
	}
	if detail.OS.Detected() {
		result, endOfLife, err := ospkg.NewScanner().Scan(ctx, target, options)
		if err != nil {
			return scan{}, fmt.Errorf("%s %s: %w", detail.OS.Family, detail.OS.Name, err)
		}
		found.system, found.supported = fmt.Sprintf("%s %s", detail.OS.Family, detail.OS.Name), !endOfLife
		found.results = append(found.results, result)
	}
	return found, nil
}

// vulnerabilitiesOf lists by severity, then by name, each once: a package may be
// installed in two environments of one image. Where one of the two is excused
// and the other is not, the other counts.
func vulnerabilitiesOf(found types.Results, image string, documents []openvex.Document) []Vulnerability {
	var all []Vulnerability
	for _, result := range found {
		for _, one := range result.Vulnerabilities {
			at := openvex.Place{Image: image}
			if purl := one.PkgIdentifier.PURL; purl != nil {
				at.Package = purl.String()
			}
			all = append(all, Vulnerability{
				one.VulnerabilityID, one.PkgName, one.InstalledVersion, rated(one.Severity), one.FixedVersion, score(one),
				excuse(documents, one.VulnerabilityID, at),
			})
		}
	}
	slices.SortFunc(all, func(a, b Vulnerability) int {
		return cmp.Or(
			cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)),
			cmp.Compare(a.name(), b.name()),
			cmp.Compare(rank(a), rank(b)),
			-cmp.Compare(a.Fixed, b.Fixed)) // as Trivy's command chooses between two fixes
	})
	return slices.CompactFunc(all, func(a, b Vulnerability) bool { return a.name() == b.name() })
}

func rank(v Vulnerability) int {
	if v.Excuse == nil {
		return 0
	}
	return 1
}

// score is the highest CVSS base score that any source publishes, of the newest
// version of CVSS that has one; sources disagree, and the cautious reading is
// the higher.
func score(v types.DetectedVulnerability) float64 {
	var v4, v3, v2 float64
	for _, source := range v.CVSS {
		v4, v3, v2 = max(v4, source.V40Score), max(v3, source.V3Score), max(v2, source.V2Score)
	}
	return cmp.Or(v4, v3, v2)
}

// tellVulnerabilities counts by severity and names the severe ones, those that
// count apart from those that a document sets aside. The names begin with the
// prefix, since a release has two images.
func tellVulnerabilities(prefix string, image Image, room int) []evidence.Measurement {
	counted, excused, fixable := map[string]int{}, map[string]int{}, map[string]int{}
	var named, aside []evidence.Measurement
	for _, one := range image.Vulnerabilities {
		if one.Excuse != nil {
			if excused[one.Severity]++; len(aside) < room/2 {
				aside = append(aside, item(prefix+"vulnerability_not_affected", one.name(), one.Severity+", "+one.Excuse.String()))
			}
			continue
		}
		counted[one.Severity]++
		if one.Fixed != "" {
			fixable[one.Severity]++
		}
		if severe(one.Severity) && len(named) < room {
			named = append(named, one.tell(prefix+"vulnerability"))
		}
	}
	supported := count(prefix+"operating_system_supported", 0, 1)
	supported.Method = evidence.Line(image.System)
	if image.Supported {
		supported.Value = evidence.Count(1)
	}
	measurements := []evidence.Measurement{count(prefix+"packages_scanned", image.Packages, image.Packages), supported}
	for _, kind := range []struct {
		name  string
		of    []string
		count map[string]int
	}{
		{"vulnerabilities", severities, counted}, {"fixable_vulnerabilities", severities[:2], fixable},
		{"vulnerabilities_not_affected", severities, excused},
	} {
		for _, severity := range kind.of {
			total := count(prefix+kind.name, kind.count[severity], image.Packages)
			total.Group = severity
			measurements = append(measurements, total)
		}
	}
	return slices.Concat(measurements, named, aside)
}

func (v Vulnerability) tell(name string) evidence.Measurement {
	fix := "no fix"
	if v.Fixed != "" {
		fix = "fixed in " + v.Fixed
	}
	one := item(name, v.name(), v.Severity+", "+fix)
	if v.Score > 0 {
		one.Value, one.Unit = evidence.Number(v.Score), "cvss"
	}
	return one
}
