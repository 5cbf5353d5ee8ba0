package security

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	"github.com/aquasecurity/trivy/pkg/types"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Whatever a package says of its name and its licence, the licence has one of
// the classes, the bill of materials can be signed, and both are the same twice.
func FuzzWhatAPackageSaysOfItselfFitsIntoEvidence(f *testing.F) {
	for _, licence := range []string{
		"MIT", "AGPL-3.0-only", "(MIT OR GPL-2.0) AND Zlib", "GPL-2+ with autoconf-exception", "text://Permission is hereby granted",
		"file://LICENSE", strings.Repeat("(", 100), strings.Repeat("MIT AND ", 50), "MIT OR", "\x00\xff", "", "-with-",
	} {
		f.Add("libssl3", "3.0.1", licence)
	}
	f.Add("\xff\n", "1:0~\x00", "MIT")
	image, err := name.NewDigest("registry.example/predictor@" + string(evidence.Sum(nil)))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, pkg, version, licence string) {
		listed := func() ([]Licence, Bill) {
			read := content{image: image, detail: fanal.ArtifactDetail{
				OS:       fanal.OS{Family: fanal.Debian, Name: "12.7"},
				Packages: fanal.Packages{{Name: pkg, Version: version, Licenses: []string{licence}}, {Name: pkg, Version: version}},
			}}
			licences, _ := licencesOf(types.Results{{Packages: read.detail.Packages}})
			bill, err := billOf(t.Context(), read)
			if err != nil {
				t.Fatal(err)
			}
			return licences, bill
		}
		licences, bill := listed()
		again, same := listed()
		if !bytes.Equal(bill.Document, same.Document) || !slices.Equal(licences, again) {
			t.Errorf("twice, and not the same:\n%s\n%s", bill.Document, same.Document)
		}
		if _, err := evidence.Listed(evidence.Subject{Name: "m", Digest: evidence.Sum(nil)}, bill.Document).Encode(); err != nil {
			t.Error(err)
		}
		if len(licences) != 1 || !slices.Contains(licenceOrder, licences[0].Class) {
			t.Errorf("%q has the classes %+v", licence, licences)
		}
		for _, one := range tellLicences(Image{Packages: 2, Licences: licences}) {
			if err := one.Validate(); err != nil {
				t.Error(err)
			}
		}
	})
}
