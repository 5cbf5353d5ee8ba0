package security

import (
	"cmp"
	"slices"
	"strings"

	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	"github.com/aquasecurity/trivy/pkg/licensing"
	"github.com/aquasecurity/trivy/pkg/licensing/expression"
	"github.com/aquasecurity/trivy/pkg/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// licenceConfidence is how alike a licence's text must be to be recognised:
// what the trivy command demands.
const licenceConfidence = 0.9

// licenceClasses are those of Google's open source programme, which Trivy took
// over, with Trivy's lists.
// https://opensource.google/documentation/reference/thirdparty/licenses
var licenceClasses = map[fanal.LicenseCategory][]string{
	fanal.CategoryForbidden:    expression.ForbiddenLicenses,
	fanal.CategoryRestricted:   expression.RestrictedLicenses,
	fanal.CategoryReciprocal:   expression.ReciprocalLicenses,
	fanal.CategoryNotice:       expression.NoticeLicenses,
	fanal.CategoryPermissive:   expression.PermissiveLicenses,
	fanal.CategoryUnencumbered: expression.UnencumberedLicenses,
}

// licenceOrder is the order in which people read the classes.
var licenceOrder = []string{"forbidden", "restricted", "reciprocal", "notice", "permissive", "unencumbered", "unknown"}

// Licence is a licence under which a package says it is.
type Licence struct {
	Package string
	Name    string
	Class   string // forbidden, restricted, reciprocal, notice, permissive, unencumbered or unknown
}

// licencesOf reads what the packages' own metadata say, and how many packages
// say nothing.
func licencesOf(found types.Results) (licences []Licence, silent int) {
	scanner := licensing.NewScanner(licenceClasses)
	for _, result := range found {
		for _, one := range result.Packages {
			if len(one.Licenses) == 0 {
				silent++
			}
			for _, name := range one.Licenses {
				licences = append(licences, classify(scanner, one.Name, name))
			}
		}
	}
	slices.SortFunc(licences, func(a, b Licence) int {
		return cmp.Or(
			cmp.Compare(slices.Index(licenceOrder, a.Class), slices.Index(licenceOrder, b.Class)),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Package, b.Package))
	})
	return slices.Compact(licences), silent
}

// classify treats a whole text in the place of a name as Trivy's command does:
// it is of no known class.
func classify(scanner licensing.Scanner, pkg, name string) Licence {
	if text, whole := strings.CutPrefix(name, licensing.LicenseTextPrefix); whole {
		class, _ := scanner.ScanTextLicense(text)
		return Licence{pkg, licensing.CustomLicensePrefix + ": " + licensing.TrimLicenseText(text), string(class)}
	}
	class, _ := scanner.Scan(name)
	return Licence{pkg, name, string(class)}
}

// tellLicences counts by class, and names what is forbidden and, as far as
// there is room, what nobody has classified.
func tellLicences(image Image) []evidence.Measurement {
	byClass := map[string]int{}
	var named []evidence.Measurement
	for _, one := range image.Licences {
		byClass[one.Class]++
		if (one.Class == "forbidden" || one.Class == "unknown") && len(named) < maxLicences {
			named = append(named, item("licence", one.Name+" "+one.Package, one.Class))
		}
	}
	measured := []evidence.Measurement{count("packages_with_licence", image.Packages-image.Unlicensed, image.Packages)}
	for _, class := range licenceOrder {
		total := count("licences", byClass[class], image.Packages)
		total.Group = class
		measured = append(measured, total)
	}
	return append(measured, named...)
}
