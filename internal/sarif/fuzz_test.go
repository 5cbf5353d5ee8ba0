package sarif_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/sarif"
)

// FuzzWhatIsReadCanBeStated: bytes are no scan, or one that evidence takes, and
// the same bytes give the same scan.
func FuzzWhatIsReadCanBeStated(f *testing.F) {
	for _, file := range []string{"semgrep.sarif", "sonarqube.sarif", "snyk.sarif", "gitleaks.sarif", "trufflehog.jsonl"} {
		content, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(log(`,"artifacts":[{"location":{"uri":"a%zz"}}]`, `{"locations":[{"physicalLocation":{"artifactLocation":{"index":0},"region":{"startLine":-1}}}]}`)))
	f.Fuzz(func(t *testing.T, content []byte) {
		state := func() string {
			report, err := sarif.Read(bytes.NewReader(content))
			if err != nil {
				return ""
			}
			report.Revision = ""
			scan, err := report.At(strings.Repeat("a", 40), time.Unix(1_790_000_000, 0))
			if err != nil {
				t.Fatal(err)
			}
			text, err := evidence.Scanned(evidence.Subject{Name: "x", Digest: evidence.Sum(content)}, scan).Encode()
			if err != nil {
				t.Errorf("%q was read, and cannot be stated: %v", content, err)
			}
			return string(text)
		}
		if first, second := state(), state(); first != second {
			t.Errorf("%s\n%s", first, second)
		}
	})
}
