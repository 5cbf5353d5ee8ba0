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
// empty Source says that it has the package's own name.
type Package struct {
	Name    string
	Version string
	Source  string
}

// PushServing pushes an image of Debian 12 with the packages installed, and
// answers with its reference by digest. The repository is host:port/path.
func PushServing(ctx context.Context, repository string, packages []Package, options ...remote.Option) (string, error) {
	target, err := name.NewRepository(repository)
	if err != nil {
		return "", fmt.Errorf("pushing a serving image: %w", err)
	}
	image, err := serving(packages)
	if err != nil {
		return "", fmt.Errorf("building a serving image: %w", err)
	}
	digest, err := image.Digest()
	if err != nil {
		return "", fmt.Errorf("building a serving image: %w", err)
	}
	reference := target.Digest(digest.String())
	if err := remote.Write(reference, image, append(options, remote.WithContext(ctx))...); err != nil {
		return "", fmt.Errorf("pushing a serving image to %s: %w", repository, err)
	}
	return reference.String(), nil
}

func serving(packages []Package) (v1.Image, error) {
	packed, err := archive([]file{
		{"app/serve", "#!/bin/sh\nexec sleep infinity\n"},
		{"etc/debian_version", "12.7\n"},
		{"etc/os-release", osRelease},
		{"var/lib/dpkg/status", status(packages)},
	})
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(packed)), nil
	})
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
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
