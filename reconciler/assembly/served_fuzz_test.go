package assembly

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// FuzzGarbageIsNeverNothing: a release.yaml that is there gives a release with
// a digest, or an error that names it; never "nothing serves".
func FuzzGarbageIsNeverNothing(f *testing.F) {
	for _, seed := range []string{release(string(evidence.Sum(nil))), "", "null", "spec: {digest: 1}", "a: &a [*a]", "---\n---\n", "{"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tree := fstest.MapFS{"breast/release.yaml": {Data: text}}
		served, err := servedIn(tree, "development", "breast")
		if err != nil {
			if !strings.Contains(err.Error(), "breast/release.yaml of env/development") {
				t.Errorf("%q: the error names no file: %v", text, err)
			}
			return
		}
		if _, err := evidence.ParseDigest(string(served.Release.Digest)); err != nil || served.Release.Name != "breast" {
			t.Errorf("%q serves %v", text, served.Release)
		}
	})
}
