package security

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/aquasecurity/trivy/pkg/fanal/secret"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Trivy leaves out paths that look like tests, examples or documentation
// (builtin-allow-rules.go). A secret in a model directory named "example" is
// read by the server like any other, so those exceptions do not hold here.
var exceptions = []string{
	"dist-info", "tests", "examples", "vendor", "usr-dirs", "locale-dir", "markdown", "node.js",
	"golang", "python", "rubygems", "wordpress", "anaconda-log",
}

// search counts secrets and names where each one is: the rule, the file and the
// line, never the text.
type search struct {
	name    string // of what it lists
	scanner secret.Scanner
	total   int
	found   []evidence.Measurement
}

func newSearch(name string) *search {
	return &search{name: name, scanner: secret.NewScanner(&secret.Config{DisableAllowRuleIDs: exceptions})}
}

func (s *search) in(file string, content io.Reader) {
	// Binary keeps the matched text out of Trivy's answer as well.
	hits := s.scanner.Scan(secret.ScanArgs{FilePath: file, Content: content, Binary: true})
	for _, hit := range hits.Findings {
		if s.total++; s.total <= maxListed {
			s.found = append(s.found, item(s.name, fmt.Sprintf("%s %s:%d", hit.RuleID, file, hit.StartLine), hit.Title))
		}
	}
}

// measureSecrets counts the secrets of the model and of its manifests.
func measureSecrets(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	secrets, files := newSearch("secret"), 0
	for _, part := range []struct {
		name string
		tree fs.FS
	}{{"model", candidate.ModelFiles}, {"manifests", candidate.Manifests}} {
		n, err := eachFile(ctx, part.tree, func(file string, content io.Reader) error {
			secrets.in(path.Join(part.name, file), content)
			return nil
		})
		if err != nil {
			return nil, err
		}
		files += n
	}
	return append([]evidence.Measurement{count("secrets", secrets.total, files)}, secrets.found...), nil
}
