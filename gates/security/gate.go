package security

import (
	"context"
	"fmt"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Gate measures security with the vulnerability database that it is given.
type Gate struct {
	// Database is the OCI reference of the vulnerability database, in the
	// format of https://github.com/aquasecurity/trivy-db.
	Database string
	// CacheDir keeps the unpacked database, by the digest of its manifest. One
	// process at a time may use it.
	CacheDir string
	// Insecure allows plain HTTP to both registries, for those on loopback.
	Insecure bool
}

var _ gates.Gate = Gate{}

// Name is gates.Security.
func (Gate) Name() string { return gates.Security }

// trivy is held by the one measurement that may use Trivy's global variables.
// It is a channel and not a mutex so that waiting ends with the context.
var trivy = make(chan struct{}, 1)

// Measure answers with what the candidate carries. See the package's promises.
func (g Gate) Measure(ctx context.Context, candidate gates.Candidate) (measured []evidence.Measurement, err error) {
	err = alone(ctx, func() error {
		measured, err = g.measure(ctx, candidate)
		return err
	})
	if err != nil {
		return nil, err
	}
	return measured, nil
}

// alone does what uses Trivy, as the only one, and makes an error of what Trivy
// only logged.
func alone(ctx context.Context, do func() error) error {
	select {
	case trivy <- struct{}{}:
		defer func() { <-trivy }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for another security measurement: %w", ctx.Err())
	}
	complaints := listen()
	if err := do(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // Trivy logs some cancellations and carries on
		return err
	}
	return complaints.err()
}

func (g Gate) measure(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	if candidate.ModelFiles == nil || candidate.Manifests == nil {
		return nil, fmt.Errorf("measuring security: the candidate has no model files or no manifests")
	}
	secrets, err := measureSecrets(ctx, candidate)
	if err != nil {
		return nil, fmt.Errorf("looking for secrets: %w", err)
	}
	code, err := measureCode(ctx, candidate.ModelFiles)
	if err != nil {
		return nil, fmt.Errorf("looking for code in model files: %w", err)
	}
	misconfigurations, err := measureMisconfigurations(ctx, candidate.Manifests)
	if err != nil {
		return nil, fmt.Errorf("checking manifests: %w", err)
	}
	repository, err := measureRepository(ctx, candidate)
	if err != nil {
		return nil, err
	}
	images, err := g.measureImages(ctx, candidate)
	if err != nil {
		return nil, err
	}
	return slices.Concat(secrets, code, misconfigurations, repository, images), nil
}

// measureRepository looks into what of the repository bears on the candidate.
func measureRepository(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	change, err := measureChange(ctx, candidate.Changed)
	if err != nil {
		return nil, fmt.Errorf("looking for secrets in the change: %w", err)
	}
	sources, err := measureSources(ctx, candidate.Sources)
	if err != nil {
		return nil, fmt.Errorf("checking Dockerfiles and Terraform: %w", err)
	}
	return slices.Concat(change, sources, measureScanners(candidate.Scans)), nil
}
