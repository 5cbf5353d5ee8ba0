package images

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	ociv1 "github.com/google/go-containerregistry/pkg/v1/types"
)

// Media types of https://github.com/aquasecurity/trivy-db releases.
const (
	databaseLayer  = "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip"
	databaseConfig = "application/vnd.aquasec.trivy.config.v1+json"
)

// PushVulnerabilityDatabase pushes a database that holds the advisories, and
// answers with its reference: the repository (host:port/path) with the tag 2,
// which is the version of the schema.
func PushVulnerabilityDatabase(ctx context.Context, repository string, updated time.Time, advisories []Advisory, options ...remote.Option) (string, error) {
	layer, err := database(updated, advisories)
	if err != nil {
		return "", fmt.Errorf("building a vulnerability database: %w", err)
	}
	return PushDatabaseLayer(ctx, repository, layer, options...)
}

// PushDatabaseLayer pushes any bytes in the place of a packed database. A test
// or a drill shows with it what happens when the database is damaged.
func PushDatabaseLayer(ctx context.Context, repository string, layer []byte, options ...remote.Option) (string, error) {
	target, err := name.NewRepository(repository)
	if err != nil {
		return "", fmt.Errorf("pushing a vulnerability database: %w", err)
	}
	artifact, err := asArtifact(layer)
	if err != nil {
		return "", fmt.Errorf("building a vulnerability database: %w", err)
	}
	reference := target.Tag("2")
	if err := remote.Write(reference, artifact, append(options, remote.WithContext(ctx))...); err != nil {
		return "", fmt.Errorf("pushing a vulnerability database to %s: %w", repository, err)
	}
	return reference.String(), nil
}

func asArtifact(layer []byte) (v1.Image, error) {
	artifact := mutate.MediaType(empty.Image, ociv1.OCIManifestSchema1)
	artifact = mutate.ConfigMediaType(artifact, databaseConfig)
	return mutate.AppendLayers(artifact, static.NewLayer(layer, databaseLayer))
}
