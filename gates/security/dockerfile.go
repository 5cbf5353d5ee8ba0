package security

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	image "github.com/aquasecurity/trivy/pkg/iac/providers/dockerfile"
	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/dockerfile/parser"
	"github.com/aquasecurity/trivy/pkg/iac/types"
	syntax "github.com/moby/buildkit/frontend/dockerfile/parser"
)

// maxInstructions bounds what the checks are asked about; some compare each
// with each.
const maxInstructions = 1000

func (e *examination) dockerfile(ctx context.Context, name string, content []byte) error {
	parsed, err := parseDockerfile(ctx, name, content)
	if err != nil {
		e.unread[name] = err.Error()
		return nil
	}
	return e.check(ctx, dockerfiles, types.SourceDockerfile, rego.Input{Path: name, Contents: parsed.ToRego()})
}

// parseDockerfile reads a Dockerfile as BuildKit does. One that is written for
// another frontend (its syntax directive names an image that reads it) says
// nothing here: that image decides what it means.
func parseDockerfile(ctx context.Context, name string, content []byte) (parsed *image.Dockerfile, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			parsed, err = nil, fmt.Errorf("it breaks its reader: %v", broken)
		}
	}()
	frontend, _, _, directed := syntax.DetectSyntax(content)
	if repository, _, _ := strings.Cut(strings.TrimPrefix(frontend, "docker.io/"), ":"); directed && repository != "docker/dockerfile" {
		return nil, fmt.Errorf("it is written for %q", frontend)
	}
	read, err := parser.Parse(ctx, bytes.NewReader(content), name)
	if err != nil {
		return nil, err
	}
	parsed, _ = read.(*image.Dockerfile)
	instructions := 0
	for _, stage := range parsed.Stages {
		instructions += len(stage.Commands)
	}
	switch {
	case instructions == 0:
		return nil, fmt.Errorf("it holds no instruction")
	case instructions > maxInstructions:
		return nil, fmt.Errorf("it holds more than %d instructions", maxInstructions)
	}
	return parsed, nil
}
