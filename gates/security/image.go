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

// content is what is installed in an image, and what the image says of itself.
type content struct {
	image  name.Digest
	about  artifact.ImageMetadata
	detail fanal.ArtifactDetail
}

// readBefore is what was read of the last images. One image serves several
// environments, and a release's bill of materials is written after it was
// measured: what a digest names is read once. The caller holds trivy.
var readBefore = map[name.Digest]content{}

const maxReadBefore = 16

// readImage pulls an image layer by layer and tells what is installed in it.
// The layers are not kept: the answer is small and they are not.
func (g Gate) readImage(ctx context.Context, reference string) (content, error) {
	digest, err := name.NewDigest(reference, g.nameOptions()...)
	if err != nil {
		return content{}, fmt.Errorf("an image is named by digest, host/path@sha256:...: %w", err)
	}
	pulled, err := remote.Image(digest, remoteOptions(ctx)...)
	if err != nil {
		return content{}, err
	}
	if known, read := readBefore[digest]; read {
		return known, nil
	}
	if err := onlyOwnLayers(pulled); err != nil {
		return content{}, err
	}
	found, err := inspect(ctx, servingImage{pulled, digest, newBudget(maxImageBytes)})
	if err := errors.Join(err, ctx.Err(), heard.err()); err != nil { // what Trivy only logs is not kept either
		return content{}, err
	}
	if len(readBefore) == maxReadBefore {
		clear(readBefore)
	}
	readBefore[digest] = found
	return found, nil
}

func inspect(ctx context.Context, pulled servingImage) (content, error) {
	memory := cache.NewMemoryCache()
	inspector, err := image.NewArtifact(pulled, memory, artifact.Option{
		Offline: true, NoProgress: true, Parallel: 1,
		LicenseScannerOption: analyzer.LicenseScannerOption{ClassifierConfidenceLevel: licenceConfidence},
	})
	if err != nil {
		return content{}, err
	}
	layers, err := inspector.Inspect(ctx)
	if err := errors.Join(err, pulled.bytes.err()); err != nil {
		return content{}, err
	}
	detail, err := applier.NewApplier(memory).ApplyLayers(layers.ID, layers.BlobIDs)
	if errors.Is(err, analyzer.ErrUnknownOS) || errors.Is(err, analyzer.ErrNoPkgsDetected) {
		err = nil // packages_scanned tells it
	}
	return content{pulled.reference, layers.ImageMetadata, detail}, err
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
