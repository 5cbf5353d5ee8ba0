package subject

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// FuzzAPinnedReferenceNamesOneContent: a reference has a digest only when it is
// nothing but a name and that digest; and whatever stands around a reference to a
// repository of models, it is found.
func FuzzAPinnedReferenceNamesOneContent(f *testing.F) {
	digest := string(evidence.Sum([]byte("model")))
	for _, seed := range []string{
		"", "@", "r/m@" + digest, "r/m:latest@" + digest, "r/m@" + strings.ToUpper(digest), "host:5000/m@" + digest, "r/m@" + digest + "@" + digest, "r/m@sha512:00", ":@" + digest,
	} {
		f.Add(seed)
	}
	models := Models{Repositories: []string{"registry.example.org/models"}, Known: func(string) bool { return false }}
	f.Fuzz(func(t *testing.T, reference string) {
		name, found := Pinned(reference)
		if found != "" && reference != name+"@"+found {
			t.Errorf("%q is pinned to %q of %q", reference, found, name)
		}
		if _, err := evidence.ParseDigest(found); found != "" && err != nil {
			t.Error(err)
		}
		if len(ModelName(reference)) > maxName {
			t.Errorf("the name of %q is longer than a name", reference)
		}
		if strings.ContainsAny(reference, "\x00") || len(reference) > maxReference {
			return
		}
		if text := "--model registry.example.org/models/m@" + digest + " " + reference; len(models.find(text, 8)) == 0 {
			t.Errorf("nothing was found in %q", text)
		}
	})
}
