package security

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aquasecurity/trivy/pkg/cache"
	"github.com/aquasecurity/trivy/pkg/fanal/analyzer"
	"github.com/aquasecurity/trivy/pkg/fanal/applier"
	"github.com/aquasecurity/trivy/pkg/fanal/artifact"
	"github.com/aquasecurity/trivy/pkg/fanal/artifact/image"
	fanal "github.com/aquasecurity/trivy/pkg/fanal/types"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// readImage pulls an image layer by layer and tells what is installed in it.
// Nothing is kept: the answer is small and the layers are not.
func (g Gate) readImage(ctx context.Context, reference string) (fanal.ArtifactDetail, error) {
	digest, err := name.NewDigest(reference, g.nameOptions()...)
	if err != nil {
		return fanal.ArtifactDetail{}, fmt.Errorf("an image is named by digest, host/path@sha256:...: %w", err)
	}
	pulled, err := remote.Image(digest, remoteOptions(ctx)...)
	if err != nil {
		return fanal.ArtifactDetail{}, err
	}
	if err := onlyOwnLayers(pulled); err != nil {
		return fanal.ArtifactDetail{}, err
	}
	return inspect(ctx, servingImage{pulled, digest, newBudget(maxImageBytes)})
}

func inspect(ctx context.Context, pulled servingImage) (fanal.ArtifactDetail, error) {
	memory := cache.NewMemoryCache()
	inspector, err := image.NewArtifact(pulled, memory, artifact.Option{Offline: true, NoProgress: true, Parallel: 1})
	if err != nil {
		return fanal.ArtifactDetail{}, err
	}
	layers, err := inspector.Inspect(ctx)
	if err := errors.Join(err, pulled.bytes.err()); err != nil {
		return fanal.ArtifactDetail{}, err
	}
	detail, err := applier.NewApplier(memory).ApplyLayers(layers.ID, layers.BlobIDs)
	if errors.Is(err, analyzer.ErrUnknownOS) || errors.Is(err, analyzer.ErrNoPkgsDetected) {
		return detail, nil // packages_scanned tells it
	}
	return detail, err
}

// onlyOwnLayers refuses layers that are to be fetched from hosts of the
// publisher's choosing (descriptor "urls" in the OCI image specification).
func onlyOwnLayers(pulled v1.Image) error {
	manifest, err := pulled.Manifest()
	if err != nil {
		return err
	}
	for _, layer := range manifest.Layers {
		if len(layer.URLs) > 0 || !layer.MediaType.IsDistributable() {
			return fmt.Errorf("layer %s (%s) is not a layer that the registry holds", layer.Digest, layer.MediaType)
		}
	}
	return nil
}

func (g Gate) nameOptions() []name.Option {
	if g.Insecure {
		return []name.Option{name.Insecure}
	}
	return nil
}

func remoteOptions(ctx context.Context) []remote.Option {
	return []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
}

// servingImage is an image as Trivy wants it, with a bound on what its layers
// may unpack to.
type servingImage struct {
	v1.Image
	reference name.Digest
	bytes     *budget
}

func (i servingImage) Name() string          { return i.reference.String() }
func (i servingImage) RepoTags() []string    { return nil }
func (i servingImage) RepoDigests() []string { return []string{i.reference.String()} }

func (i servingImage) ID() (string, error) {
	hash, err := i.ConfigName()
	return hash.String(), err
}

func (i servingImage) LayerByDiffID(hash v1.Hash) (v1.Layer, error) {
	layer, err := i.Image.LayerByDiffID(hash)
	if err != nil {
		return nil, err
	}
	return &boundedLayer{layer, i.bytes}, nil
}

type boundedLayer struct {
	v1.Layer
	bytes *budget
}

func (l *boundedLayer) Uncompressed() (io.ReadCloser, error) {
	content, err := l.Layer.Uncompressed()
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{l.bytes.reader(content), content}, nil
}
