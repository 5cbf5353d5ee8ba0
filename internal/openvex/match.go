package openvex

import (
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"
)

// Place is where a vulnerability was found.
type Place struct {
	Image   string // package URL, pkg:oci/...; may be empty
	Package string // package URL
}

// product is a product or a part of one, by its package URLs. What is named by
// hash or CPE alone is never found: nobody asks for it.
type product struct {
	purls []packageurl.PackageURL
	parts []product
	whole bool // no parts are named: all of them are meant
}

func newProduct(named productForm) product {
	read := product{purls: named.purls(), whole: len(named.Subcomponents) == 0}
	for _, part := range named.Subcomponents {
		read.parts = append(read.parts, product{purls: part.purls()})
	}
	return read
}

func (c component) purls() []packageurl.PackageURL {
	var found []packageurl.PackageURL
	for _, text := range []string{c.ID, c.Identifiers["purl"]} {
		if !strings.HasPrefix(text, "pkg:") {
			continue
		}
		if purl, err := packageurl.FromString(text); err == nil {
			found = append(found, purl)
		}
	}
	return found
}

// Says is what the document claims about a vulnerability at a place: about the
// package itself, and about the package as a part of the image. Of several
// statements about one of the two the last counts, by timestamp and then by its
// place in the document.
func (d Document) Says(vulnerability string, at Place) []Claim {
	var said []Claim
	part := parse(at.Package)
	for _, about := range []struct{ product, part *packageurl.PackageURL }{{part, nil}, {parse(at.Image), part}} {
		var last *claim
		for i, one := range d.claims[vulnerability] {
			if one.about(about.product, about.part) && (last == nil || !one.when.Before(last.when)) {
				last = &d.claims[vulnerability][i]
			}
		}
		if last != nil {
			said = append(said, last.Claim)
		}
	}
	return said
}

func parse(text string) *packageurl.PackageURL {
	purl, err := packageurl.FromString(text)
	if err != nil {
		return nil
	}
	return &purl
}

func (c claim) about(whole, part *packageurl.PackageURL) bool {
	if whole == nil {
		return false
	}
	return slices.ContainsFunc(c.products, func(named product) bool {
		if !named.covers(*whole) {
			return false
		}
		return named.whole || part == nil || slices.ContainsFunc(named.parts, func(one product) bool { return one.covers(*part) })
	})
}

func (p product) covers(found packageurl.PackageURL) bool {
	return slices.ContainsFunc(p.purls, func(named packageurl.PackageURL) bool { return covers(named, found) })
}

// covers compares as openvex/go-vex does (PurlMatches): type, namespace and
// name are the same; a version and qualifiers that are named must be there.
func covers(named, found packageurl.PackageURL) bool {
	if named.Type != found.Type || named.Namespace != found.Namespace || named.Name != found.Name {
		return false
	}
	if named.Version != "" && named.Version != found.Version {
		return false
	}
	has := found.Qualifiers.Map()
	for key, value := range named.Qualifiers.Map() {
		if other, there := has[key]; !there || other != value {
			return false
		}
	}
	return true
}

// Harmless is the claim that sets a vulnerability aside, and the document that
// makes it. All documents that say something must say so: where two disagree,
// the vulnerability counts.
func Harmless(documents []Document, vulnerability string, at Place) (by Document, claim Claim, harmless bool) {
	for _, document := range documents {
		for _, said := range document.Says(vulnerability, at) {
			if !said.Status.harmless() {
				return Document{}, Claim{}, false
			}
			if !harmless {
				by, claim, harmless = document, said, true
			}
		}
	}
	return by, claim, harmless
}
