package webhook

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Whatever stands in a pod, the door asks no host but a configured one, in no
// repository but those below it, and about no digest but the one that is judged.
func FuzzAPodDoesNotChooseWhomTheDoorAsks(f *testing.F) {
	const configured = "registry.example.org:5000/clinic/models"
	digest := "@" + releasedDigest
	for _, seed := range []string{
		configured + "/breast" + digest, "oci://" + configured + "/breast" + digest, configured + digest, configured + "-archive/x" + digest,
		configured + "/../secret" + digest, "evil.org/" + configured + "/x" + digest, configured + "/x:v1" + digest, configured + ".evil.org/x" + digest,
		"user@" + configured + "/x" + digest, configured + "/x" + strings.ToUpper(digest), configured + "/x?y=z" + digest, configured + "/x#" + digest, "",
	} {
		f.Add(seed)
	}
	fallback := &Fallback{settings: func() Configuration { return Configuration{Repositories: []string{configured}} }}
	f.Fuzz(func(t *testing.T, reference string) {
		_, named := subject.Pinned(reference)
		from, is := fallback.originOf(staging, judge.ModelUse{Reference: reference, Digest: named})
		if !is {
			return
		}
		if _, err := evidence.ParseDigest(from.digest); err != nil || from.digest != named || from.environment != staging {
			t.Errorf("%q asks about %+v", reference, from)
		}
		rest, below := strings.CutPrefix(from.repository, configured)
		if !below || rest != "" && rest[0] != '/' || strings.ContainsAny(rest, ":@?#% \\") || strings.Contains(rest, "..") || strings.Contains(rest, "//") {
			t.Errorf("%q asks %q", reference, from.repository)
		}
		if strings.TrimPrefix(reference, "oci://") != from.repository+"@"+from.digest {
			t.Errorf("%q asks %q", reference, from.repository)
		}
	})
}
