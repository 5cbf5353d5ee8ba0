package security

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	"github.com/aquasecurity/trivy/pkg/sbom/cyclonedx"
	"github.com/aquasecurity/trivy/pkg/types"
	"github.com/google/uuid"
	"github.com/package-url/packageurl-go"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// trivyVersion stands in a bill of materials as that of the tool that made it.
const trivyVersion = "0.66.0"

// Bill is a bill of materials.
type Bill struct {
	Document   []byte // CycloneDX 1.6 JSON, as evidence.Listed states it
	Components int
}

// Components lists what an image is made of, as CycloneDX 1.6 JSON. It needs no
// vulnerability database. The same image gives the same bytes, wherever it is
// kept.
func (g Gate) Components(ctx context.Context, image string) (document []byte, err error) {
	err = alone(ctx, func() error {
		read, err := g.readImage(ctx, image)
		if err != nil {
			return fmt.Errorf("reading image %q: %w", image, err)
		}
		bill, err := billOf(ctx, read)
		document = bill.Document
		return err
	})
	return document, err
}

// billOf uses Trivy's own writer, and takes out what it makes anew each time:
// the hour, and identifiers drawn by lot. The registry's address is not in it
// either, so that a mirror's image has the same bill.
func billOf(ctx context.Context, image content) (Bill, error) {
	found, err := packagesOf(ctx, image.detail)
	if err != nil {
		return Bill{}, err
	}
	for i := range found { // Trivy writes into them, and would write another bill the next time
		found[i].Packages = slices.Clone(found[i].Packages)
	}
	writer := cyclonedx.NewMarshaler(trivyVersion)
	written, err := writer.MarshalReport(ctx, types.Report{
		SchemaVersion: 2, ArtifactName: image.image.DigestStr(), ArtifactType: fanal.TypeContainerImage,
		Metadata: types.Metadata{
			OS: &image.detail.OS, ImageID: image.about.ID, DiffIDs: image.about.DiffIDs, ImageConfig: image.about.ConfigFile,
		},
		Results: found,
	})
	if err != nil {
		return Bill{}, fmt.Errorf("writing a bill of materials: %w", err)
	}
	seed := uuid.NewSHA1(uuid.NameSpaceOID, []byte(image.image.DigestStr()))
	written.SerialNumber, written.Metadata.Timestamp = seed.URN(), ""
	written.Metadata.Component.PackageURL = image.purl(false)
	if err := settle(written, seed); err != nil {
		return Bill{}, fmt.Errorf("writing a bill of materials: %w", err)
	}
	var text bytes.Buffer
	if err := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).SetEscapeHTML(false).Encode(written); err != nil {
		return Bill{}, fmt.Errorf("writing a bill of materials: %w", err)
	}
	return Bill{bytes.TrimSpace(text.Bytes()), len(*written.Components)}, nil
}

// settle replaces the references that Trivy draws by lot, where a component has
// no package URL of its own, by one that follows from what the component is. Of
// twins, of which all that is said is the same, one is left.
func settle(bill *cdx.BOM, seed uuid.UUID) error {
	settled := map[string]string{}
	rename := func(one *cdx.Component) {
		before := one.BOMRef
		if _, err := uuid.Parse(before); err == nil {
			one.BOMRef = uuid.NewSHA1(seed, []byte(identity(*one))).String()
		}
		settled[before] = one.BOMRef
	}
	rename(bill.Metadata.Component)
	for i := range *bill.Components {
		rename(&(*bill.Components)[i])
	}
	slices.SortFunc(*bill.Components, func(a, b cdx.Component) int { return cmp.Compare(a.BOMRef, b.BOMRef) })
	*bill.Components = slices.CompactFunc(*bill.Components, func(a, b cdx.Component) bool { return a.BOMRef == b.BOMRef })
	return settleDependencies(bill, settled)
}

func settleDependencies(bill *cdx.BOM, settled map[string]string) error {
	needs := map[string][]string{}
	for _, one := range *bill.Dependencies {
		reference, known := settled[one.Ref]
		for _, other := range *one.Dependencies {
			renamed, there := settled[other]
			known = known && there
			needs[reference] = append(needs[reference], renamed)
		}
		if !known {
			return fmt.Errorf("%.80q depends on what is not listed", one.Ref)
		}
		needs[reference] = append([]string{}, needs[reference]...) // written as a list also where it is empty
	}
	*bill.Dependencies = nil
	for _, reference := range slices.Sorted(maps.Keys(needs)) {
		slices.Sort(needs[reference])
		others := slices.Compact(needs[reference])
		*bill.Dependencies = append(*bill.Dependencies, cdx.Dependency{Ref: reference, Dependencies: &others})
	}
	return nil
}

// identity is all that is said of a component but its reference.
func identity(one cdx.Component) string {
	one.BOMRef = ""
	text, err := json.Marshal(one)
	if err != nil {
		return one.Name
	}
	return string(text)
}

// purl is the package URL of an image. Where it is kept is a qualifier.
// https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
func (c content) purl(placed bool) string {
	repository := c.image.Context().Name()
	var qualifiers packageurl.Qualifiers
	if architecture := c.about.ConfigFile.Architecture; architecture != "" {
		qualifiers = append(qualifiers, packageurl.Qualifier{Key: "arch", Value: architecture})
	}
	if placed {
		qualifiers = append(qualifiers, packageurl.Qualifier{Key: "repository_url", Value: repository})
	}
	name := strings.ToLower(path.Base(repository))
	return packageurl.NewPackageURL(packageurl.TypeOCI, "", name, c.image.DigestStr(), qualifiers, "").ToString()
}

// tellBill names the bill by digest; the document itself is signed and kept
// beside the release.
func tellBill(bill Bill) evidence.Measurement {
	one := count("sbom", bill.Components, bill.Components)
	one.Group, one.Method = string(evidence.Sum(bill.Document)), "CycloneDX 1.6"
	return one
}
