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

// measureSecrets counts the secrets and names where each one is: the rule, the
// file and the line, never the text.
func measureSecrets(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	scanner := secret.NewScanner(&secret.Config{DisableAllowRuleIDs: exceptions})
	var found []evidence.Measurement
	total, files := 0, 0
	for _, part := range []struct {
		name string
		tree fs.FS
	}{{"model", candidate.ModelFiles}, {"manifests", candidate.Manifests}} {
		n, err := eachFile(ctx, part.tree, func(file string, content io.Reader) error {
			// Binary keeps the matched text out of Trivy's answer as well.
			hits := scanner.Scan(secret.ScanArgs{FilePath: file, Content: content, Binary: true})
			for _, hit := range hits.Findings {
				if total++; total <= maxListed {
					place := fmt.Sprintf("%s %s:%d", hit.RuleID, path.Join(part.name, file), hit.StartLine)
					found = append(found, item("secret", place, hit.Title))
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		files += n
	}
	return append([]evidence.Measurement{count("secrets", total, files)}, found...), nil
}
