package interop

import (
	"archive/tar"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

//go:embed testdata/dpkg-status
var dpkgStatus string

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`

const site = "usr/local/lib/python3.11/site-packages/"

// layers are those of a serving image: Debian, then Python, then what a later
// step of a Dockerfile changes.
var layers = []map[string]string{
	{
		"etc/debian_version": "12.7\n", "etc/os-release": osRelease, "var/lib/dpkg/status": dpkgStatus,
		"usr/share/doc/libssl3/copyright":     copyright("Apache-2.0", "GPL-1+ or Artistic"),
		"usr/share/doc/zlib1g/copyright":      copyright("Zlib"),
		"usr/share/doc/bash/copyright":        "Bash is free software, see `/usr/share/common-licenses/GPL-3'.\n",
		"usr/share/doc/perl-base/copyright":   copyright("Perl-home-made"),
		"usr/lib/python3/dist-packages/debpy": "",
	},
	{
		site + "numpy-1.26.4.dist-info/METADATA":    metadata("numpy", "1.26.4", "License: BSD-3-Clause"),
		site + "Jinja2-3.1.3.dist-info/METADATA":    metadata("Jinja2", "3.1.3", "Classifier: License :: OSI Approved :: BSD License"),
		site + "requests-2.31.0.dist-info/METADATA": metadata("requests", "2.31.0", "License: Apache 2.0"),
		site + "ghost-1.0.dist-info/METADATA":       metadata("ghost", "1.0", "License: AGPL-3.0-or-later"),
		site + "either-1.0.dist-info/METADATA":      metadata("either", "1.0", "License-Expression: MIT OR AGPL-3.0-only"),
		site + "gone-1.0.dist-info/METADATA":        metadata("gone", "1.0", "License: SSPL-1.0"),
		site + "wordy-1.0.dist-info/METADATA":       metadata("wordy", "1.0", "License: Permission is hereby granted, to hospitals"),
		site + "silent-1.0.dist-info/METADATA":      metadata("silent", "1.0", "Summary: says nothing"),
		"opt/tool/numpy-1.26.4.dist-info/METADATA":  metadata("numpy", "1.26.4", "License: BSD-3-Clause"),
	},
	{
		site + ".wh.gone-1.0.dist-info":                 "",
		"srv/app/node_modules/left-pad/package.json":    `{"name": "left-pad", "version": "1.3.0", "license": "WTFPL"}`,
		"srv/app/requirements.txt":                      "numpy==1.0.0\n", // says what should be, and not what is
		site + "requests-2.31.0.dist-info/RECORD":       "requests/__init__.py,,\n",
		"usr/share/doc/openssl/copyright":               copyright("Apache-2.0"),
		"usr/local/share/doc/nothing/copyright":         copyright("AGPL-3.0"),
		"usr/share/doc/libc6/examples/debian/copyright": copyright("AGPL-3.0"),
	},
}

// advisories are made up, about real names. They cover what detectors disagree
// about: epochs, versions of sources, what was purged, names in another case,
// what is not fixed, and what nobody has rated.
var advisories = []images.Advisory{
	{ID: "CVE-2099-0001", Bucket: images.Debian12, Package: "openssl", Fixed: "3.0.15-1~deb12u1", Severity: "HIGH", Score: 7.4},
	{ID: "CVE-2099-0002", Bucket: images.Debian12, Package: "openssl", Fixed: "3.0.14-1~deb12u1", Severity: "CRITICAL", Score: 9.8},
	{ID: "CVE-2099-0003", Bucket: images.Debian12, Package: "zlib", Severity: "CRITICAL", Score: 9.8},
	{ID: "CVE-2099-0004", Bucket: images.Debian12, Package: "glibc", Fixed: "2.36-9+deb12u9", Severity: "MEDIUM", Score: 5.5},
	{ID: "CVE-2099-0005", Bucket: images.Debian12, Package: "perl", Severity: "LOW", Score: 2.1},
	{ID: "CVE-2099-0006", Bucket: images.Debian12, Package: "shadow", Fixed: "1:4.13+dfsg1-1+deb12u1", Severity: "UNKNOWN"},
	{ID: "CVE-2099-0007", Bucket: images.Debian12, Package: "shadow", Fixed: "4.14", Severity: "HIGH"},
	{ID: "CVE-2099-0008", Bucket: images.Debian12, Package: "bash", Fixed: "5.2.15-2+b8", Severity: "HIGH"},
	{ID: "CVE-2099-0009", Bucket: images.Debian12, Package: "gcc-12", Severity: "LOW"},
	{ID: "CVE-2099-0010", Bucket: images.PyPI, Package: "numpy", Range: "<1.26.5", Fixed: "1.26.5", Severity: "HIGH", Score: 7.5},
	{ID: "CVE-2099-0011", Bucket: images.PyPI, Package: "jinja2", Range: "<3.1.4", Fixed: "3.1.4", Severity: "MEDIUM", Score: 5.4},
	{ID: "CVE-2099-0012", Bucket: images.PyPI, Package: "requests", Range: "<2.31.0", Fixed: "2.31.0", Severity: "CRITICAL"},
	{ID: "CVE-2099-0013", Bucket: images.PyPI, Package: "gone", Range: "<2", Fixed: "2", Severity: "CRITICAL"},
}

// https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
func copyright(licences ...string) string {
	text := "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
	for _, licence := range licences {
		text += "\nFiles: *\nCopyright: its authors\nLicense: " + licence + "\n"
	}
	return text
}

// https://packaging.python.org/en/latest/specifications/core-metadata/
func metadata(name, version, line string) string {
	return fmt.Sprintf("Metadata-Version: 2.4\nName: %s\nVersion: %s\n%s\n\nIts README.\n", name, version, line)
}

// servingImage is one that a Dockerfile of three steps would make.
func servingImage(t *testing.T) v1.Image {
	t.Helper()
	image := mutate.MediaType(empty.Image, "application/vnd.oci.image.manifest.v1+json")
	image = mutate.ConfigMediaType(image, "application/vnd.oci.image.config.v1+json")
	for _, files := range layers {
		packed := pack(t, files)
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed)), nil },
			tarball.WithMediaType("application/vnd.oci.image.layer.v1.tar+gzip"))
		if err != nil {
			t.Fatal(err)
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			t.Fatal(err)
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", "amd64"
	config.Config.Labels = map[string]string{"org.opencontainers.image.title": "predictor"}
	if image, err = mutate.ConfigFile(image, config); err != nil {
		t.Fatal(err)
	}
	return image
}

func pack(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writer.WriteHeader(&tar.Header{Name: name, Size: int64(len(files[name])), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// layoutOf writes an OCI image layout.
func layoutOf(t *testing.T, image v1.Image) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "layout")
	place, err := layout.Write(dir, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	if err := place.AppendImage(image); err != nil {
		t.Fatal(err)
	}
	return dir
}
