package images

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Package is an installed Debian package. Advisories are about the Source; an
// empty Source says that it has the package's own name. Without a Licence the
// image has no copyright file of it.
type Package struct {
	Name    string
	Version string
	Source  string
	Licence string
}

// Predictor are the packages of the image that serves in the demo, with OpenSSL
// of a version. That of PredictorOpenSSL is the one whose bill of materials the
// catalog's models say was reviewed.
func Predictor(openssl string) []Package {
	return []Package{
		{Name: "base-files", Version: "12.4+deb12u12", Licence: "GPL-2+"},
		{Name: "libc6", Version: "2.36-9+deb12u13", Source: "glibc", Licence: "LGPL-2.1+"},
		{Name: "libssl3", Version: openssl, Source: "openssl", Licence: "Apache-2.0"},
	}
}

// PredictorOpenSSL is a version of which the demo's database knows no flaw.
const PredictorOpenSSL = "3.0.17-1~deb12u3"

// Wheel is an installed Python package.
type Wheel struct {
	Name    string
	Version string
	Licence string
}

// PushServing pushes an image of Debian 12 with the packages installed, and
// answers with its reference by digest. The repository is host:port/path.
func PushServing(ctx context.Context, repository string, packages []Package, options ...remote.Option) (string, error) {
	image, err := Serving(packages)
	if err != nil {
		return "", fmt.Errorf("building a serving image: %w", err)
	}
	return Push(ctx, repository, image, options...)
}

// Push pushes an image, and answers with its reference by digest.
func Push(ctx context.Context, repository string, image v1.Image, options ...remote.Option) (string, error) {
	target, err := name.NewRepository(repository)
	if err != nil {
		return "", fmt.Errorf("pushing an image: %w", err)
	}
	digest, err := image.Digest()
	if err != nil {
		return "", fmt.Errorf("pushing an image to %s: %w", repository, err)
	}
	reference := target.Digest(digest.String())
	if err := remote.Write(reference, image, append(options, remote.WithContext(ctx))...); err != nil {
		return "", fmt.Errorf("pushing an image to %s: %w", repository, err)
	}
	return reference.String(), nil
}

// Serving builds an image of Debian 12: a layer with the packages of the
// operating system, and a layer with those of Python where there are any.
func Serving(packages []Package, wheels ...Wheel) (v1.Image, error) {
	system := []file{
		{"app/serve", "#!/bin/sh\nexec sleep infinity\n"},
		{"etc/debian_version", "12.7\n"},
		{"etc/os-release", osRelease},
		{"var/lib/dpkg/status", status(packages)},
	}
	for _, one := range packages {
		if one.Licence != "" {
			system = append(system, file{"usr/share/doc/" + one.Name + "/copyright", copyright(one)})
		}
	}
	layers := [][]file{system}
	if len(wheels) > 0 {
		layers = append(layers, installed(wheels))
	}
	image := empty.Image
	for _, files := range layers {
		layer, err := layerOf(files)
		if err != nil {
			return nil, err
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			return nil, err
		}
	}
	description, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	description = description.DeepCopy()
	description.OS, description.Architecture = "linux", "amd64"
	description.Config.Entrypoint = []string{"/app/serve"}
	description.Config.User = "65532"
	return mutate.ConfigFile(image, description)
}

func layerOf(files []file) (v1.Layer, error) {
	packed, err := archive(files)
	if err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed)), nil })
}

// https://www.freedesktop.org/software/systemd/man/latest/os-release.html
const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`

// status is the file in which dpkg keeps what is installed: see dpkg-query(1)
// and https://www.debian.org/doc/debian-policy/ch-controlfields.html.
func status(packages []Package) string {
	var text strings.Builder
	for _, one := range packages {
		fmt.Fprintf(&text, "Package: %s\nStatus: install ok installed\nArchitecture: amd64\n", one.Name)
		if one.Source != "" && one.Source != one.Name {
			fmt.Fprintf(&text, "Source: %s\n", one.Source)
		}
		fmt.Fprintf(&text, "Version: %s\n\n", one.Version)
	}
	return text.String()
}

// copyright is the file in which Debian says under which licence a package is.
// https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
func copyright(one Package) string {
	return fmt.Sprintf("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: %s\n\n"+
		"Files: *\nCopyright: its authors\nLicense: %s\n", one.Name, one.Licence)
}

// installed are the files in which pip keeps what it has installed.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func installed(wheels []Wheel) []file {
	var files []file
	for _, one := range wheels {
		text := fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n", one.Name, one.Version)
		if one.Licence != "" {
			text += fmt.Sprintf("License: %s\n", one.Licence)
		}
		folder := fmt.Sprintf("usr/local/lib/python3.11/site-packages/%s-%s.dist-info", one.Name, one.Version)
		files = append(files, file{folder + "/METADATA", text + "\n"})
	}
	return files
}
