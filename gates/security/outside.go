package security

import (
	"context"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Outside is what this gate reads besides the candidate: the vulnerability
// database as it is now. When that changes, yesterday's measurement no longer
// answers.
func (g Gate) Outside(ctx context.Context, _ gates.Candidate) (evidence.Subject, error) {
	reference, err := name.ParseReference(g.Database, g.nameOptions()...)
	if err != nil {
		return evidence.Subject{}, fmt.Errorf("naming the vulnerability database: %w", err)
	}
	found, err := remote.Head(reference, remoteOptions(ctx)...)
	if err != nil {
		return evidence.Subject{}, fmt.Errorf("asking for the vulnerability database %s: %w", g.Database, err)
	}
	return evidence.Subject{Name: "vulnerability-database", Digest: evidence.Digest(found.Digest.String())}, nil
}
