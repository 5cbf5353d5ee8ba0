package render

import (
	"strings"
	"testing"
	"testing/fstest"
)

// rendered is the long way: kustomize knows every word.
func rendered(t *testing.T, release Release) string {
	t.Helper()
	var cache Cache
	chosen, err := cache.choose(release)
	if err != nil {
		t.Fatal(err)
	}
	content, err := cache.fill(chosen, release)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func filledIn(t *testing.T, release Release) string {
	t.Helper()
	files, err := Workload(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	return string(files[release.Model+"/workload.yaml"])
}

func TestABlankThatIsThereAlreadyIsNotFilledIn(t *testing.T) {
	label, component, secret := full(AWS), extended(), full(GCP)
	label.Labels = map[string]string{"clinic.example.org/team": blank + "model"}
	component.Component = fstest.MapFS{"kustomization.yaml": {Data: []byte(header + "commonAnnotations: {a: " + blank + "image}\n")}}
	secret.Profile.Secrets = []string{blank + "identity"}
	for name, r := range map[string]Release{"label": label, "component": component, "secret": secret} {
		if got := filledIn(t, r); got != rendered(t, r) || !strings.Contains(got, blank) {
			t.Errorf("%s: rendered:\n%s", name, got)
		}
	}
}

// FuzzFillingInIsRendering: a word that is filled in afterwards is where
// kustomize would have put it, in the same letters.
func FuzzFillingInIsRendering(f *testing.F) {
	for _, model := range []string{"breast-risk", "123", "true", "1e3", "2001-01-01", "null", "0x1f", "y", strings.Repeat("long-", 9) + "x"} {
		f.Add(model, "0123456789abcdef", uint8(len(model)))
	}
	f.Fuzz(func(t *testing.T, model, hex string, which uint8) {
		r := []Release{release(), paced(), full(AWS), full(Azure), full(GCP), onKServe(AWS, 0), onKServe(GCP, 3)}[which%7]
		r.Model = model
		r.Artifact = "registry.example.org/" + model + "@sha256:" + (hex + strings.Repeat("0", 64))[:64]
		if r.validate() != nil {
			return
		}
		if got, want := filledIn(t, r), rendered(t, r); got != want {
			t.Errorf("filled in:\n%s\nrendered:\n%s", got, want)
		}
	})
}
