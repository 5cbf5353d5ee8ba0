package security

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aquasecurity/trivy-db/pkg/db"
	advisory "github.com/aquasecurity/trivy-db/pkg/types"
	"github.com/aquasecurity/trivy/pkg/clock"
	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	"github.com/aquasecurity/trivy/pkg/scan/langpkg"
	"github.com/aquasecurity/trivy/pkg/scan/ospkg"
	"github.com/aquasecurity/trivy/pkg/types"
	"github.com/aquasecurity/trivy/pkg/vulnerability"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// scan is what is known about the packages of one image.
type scan struct {
	system          string // "debian 12.7"; empty when there is none
	supported       bool   // on the day on which the database was built
	packages        int
	vulnerabilities []types.DetectedVulnerability
}

// measureVulnerabilities compares the packages of the image with the
// advisories of the database.
func (g Gate) measureVulnerabilities(ctx context.Context, image string) ([]evidence.Measurement, error) {
	detail, err := g.readImage(ctx, image)
	if err != nil {
		return nil, fmt.Errorf("reading image %q: %w", image, err)
	}
	updated, err := g.openDatabase(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening vulnerability database %q: %w", g.Database, err)
	}
	found, err := detect(clock.With(ctx, updated), detail)
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, fmt.Errorf("comparing image %q with vulnerability database %q: %w", image, g.Database, err)
	}
	age := evidence.Measurement{Name: "vulnerability_database_updated", N: 1, Unit: "unix seconds"}
	age.Value = evidence.Count(int(updated.Unix()))
	return append(tellVulnerabilities(found), age), nil
}

// detect asks Trivy's detectors.
func detect(ctx context.Context, detail fanal.ArtifactDetail) (found scan, err error) {
	defer catchDamage(&err)()
	target := types.ScanTarget{
		OS: detail.OS, Repository: detail.Repository,
		Packages: detail.Packages, Applications: detail.Applications,
	}
	options := types.ScanOptions{Scanners: types.Scanners{types.VulnerabilityScanner}}
	results, err := langpkg.NewScanner().Scan(ctx, target, options)
	if err != nil {
		return scan{}, err
	}
	if detail.OS.Detected() {
		result, endOfLife, err := ospkg.NewScanner().Scan(ctx, target, options)
		if err != nil {
			return scan{}, fmt.Errorf("%s %s: %w", detail.OS.Family, detail.OS.Name, err)
		}
		found.system, found.supported = fmt.Sprintf("%s %s", detail.OS.Family, detail.OS.Name), !endOfLife
		results = append(results, result)
	}
	for _, result := range results {
		vulnerability.NewClient(db.Config{}).FillInfo(result.Vulnerabilities, []advisory.SourceID{"auto"})
		found.packages += len(result.Packages)
		found.vulnerabilities = append(found.vulnerabilities, result.Vulnerabilities...)
	}
	return found, nil
}

// tidy sorts by severity, then by name, and removes what was found twice, as
// with a package that is installed in two environments of one image.
func tidy(found []types.DetectedVulnerability) []types.DetectedVulnerability {
	slices.SortFunc(found, func(a, b types.DetectedVulnerability) int {
		return cmp.Or(
			cmp.Compare(slices.Index(severities, rated(a.Severity)), slices.Index(severities, rated(b.Severity))),
			cmp.Compare(group(a), group(b)),
			cmp.Compare(a.FixedVersion, b.FixedVersion))
	})
	return slices.CompactFunc(found, func(a, b types.DetectedVulnerability) bool { return group(a) == group(b) })
}

func group(v types.DetectedVulnerability) string {
	return strings.Join([]string{v.VulnerabilityID, v.PkgName, v.InstalledVersion}, " ")
}

func tellVulnerabilities(found scan) []evidence.Measurement {
	bySeverity, fixable := map[string]int{}, map[string]int{}
	var named []evidence.Measurement
	for _, one := range tidy(found.vulnerabilities) {
		severity, fix := rated(one.Severity), "no fix"
		bySeverity[severity]++
		if one.FixedVersion != "" {
			fixable[severity]++
			fix = "fixed in " + one.FixedVersion
		}
		if severe(severity) && len(named) < maxListed {
			named = append(named, scored(item("vulnerability", group(one), severity+", "+fix), one))
		}
	}
	supported := count("operating_system_supported", 0, 1)
	supported.Method = line(found.system)
	if found.supported {
		supported.Value = evidence.Count(1)
	}
	measurements := []evidence.Measurement{count("packages_scanned", found.packages, found.packages), supported}
	for _, severity := range severities {
		total := count("vulnerabilities", bySeverity[severity], found.packages)
		total.Group = severity
		measurements = append(measurements, total)
	}
	for _, severity := range severities[:2] {
		total := count("fixable_vulnerabilities", fixable[severity], found.packages)
		total.Group = severity
		measurements = append(measurements, total)
	}
	return append(measurements, named...)
}

// scored gives an item the highest CVSS base score that any source publishes,
// of the newest version of CVSS that has one; sources disagree, and the
// cautious reading is the higher.
func scored(one evidence.Measurement, v types.DetectedVulnerability) evidence.Measurement {
	var v4, v3, v2 float64
	for _, source := range v.CVSS {
		v4, v3, v2 = max(v4, source.V40Score), max(v3, source.V3Score), max(v2, source.V2Score)
	}
	if score := cmp.Or(v4, v3, v2); score > 0 {
		one.Value, one.Unit = evidence.Number(score), "cvss"
	}
	return one
}
