package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// charged is a shelf whose release is also a Release object: in a file, and in a
// cluster that answers for this one kind.
type charged struct {
	shelf
	file, kubeconfig string
}

func newCharged(t *testing.T) charged {
	t.Helper()
	made := charged{shelf: newShelf(t)}
	object := kube.Release{
		TypeMeta:   metav1.TypeMeta{APIVersion: kube.GroupVersion.String(), Kind: "Release"},
		ObjectMeta: metav1.ObjectMeta{Name: "breast-staging"},
		Spec:       kube.ReleaseSpec{Model: made.subject.Name, Environment: "staging", Digest: string(made.subject.Digest)},
	}
	for _, measured := range made.measured(t) {
		object.Spec.Envelopes = append(object.Spec.Envelopes, string(made.sign(t, measured)))
	}
	text, err := yaml.Marshal(object)
	must(t, err)
	made.file = filepath.Join(t.TempDir(), "release.yaml")
	must(t, os.WriteFile(made.file, text, 0o600))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		resource := metav1.APIResource{Name: "releases", SingularName: "release", Kind: "Release", Verbs: metav1.Verbs{"get", "list"}}
		answers := map[string]any{
			"/api":                              metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}},
			"/apis":                             metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList"}},
			"/apis/assay.dev/v1alpha1":          metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList"}, GroupVersion: "assay.dev/v1alpha1", APIResources: []metav1.APIResource{resource}},
			"/apis/assay.dev/v1alpha1/releases": kube.ReleaseList{TypeMeta: metav1.TypeMeta{APIVersion: "assay.dev/v1alpha1", Kind: "ReleaseList"}, Items: []kube.Release{object}},
			"/apis/assay.dev/v1alpha1/releases/breast-staging": object,
		}
		answer, known := answers[r.URL.Path]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			answer = metav1.Status{Status: metav1.StatusFailure, Reason: metav1.StatusReasonNotFound, Code: http.StatusNotFound}
		}
		json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	made.kubeconfig = filepath.Join(t.TempDir(), "config")
	must(t, os.WriteFile(made.kubeconfig, []byte(`apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: "`+server.URL+`"}}]
contexts: [{name: c, context: {cluster: c, user: c}}]
users: [{name: c, user: {}}]
`), 0o600))
	return made
}

// ask runs the command as people do.
func (c charged) ask(t *testing.T, arguments ...string) (code int, told string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append([]string{"explain", "--why", "--repository", c.repository}, arguments...), &stdout, &stderr)
	return code, stdout.String() + stderr.String()
}

// The same release is asked about wherever its evidence is, and the answer is the
// same.
func TestWhyIsAskedWhereverTheEvidenceIs(t *testing.T) {
	world := newCharged(t)
	must(t, os.WriteFile(filepath.Join(world.repository, "environments", "staging", "breast-malignancy.yaml"), []byte(`apiVersion: assay.dev/v1alpha1
kind: Promotion
metadata: {name: breast-malignancy}
spec: {model: breast-malignancy, release: "`+string(world.subject.Digest)+`", replicas: 1}
`), 0o600))
	platform := filepath.Join(world.repository, "assay.yaml")
	registry, _, _ := strings.Cut(world.release, "/models/")
	must(t, os.WriteFile(platform, []byte(strings.Replace(readFile(t, platform), "registry.example.org/assay\n", registry+"\n", 1)), 0o600))
	const rule = "model.performance.discrimination"
	for place, flags := range map[string][]string{
		"a file":                         {"--release", world.file},
		"a registry":                     {"--release", world.release, "--environment", "staging"},
		"a promotion":                    {"--model", "breast-malignancy", "--environment", "staging"},
		"a cluster, by name":             {"--cluster", "breast-staging", "--kubeconfig", world.kubeconfig},
		"a cluster, by what is denied":   {"--cluster", string(world.subject.Digest), "--kubeconfig", world.kubeconfig},
		"a cluster, and an environment ": {"--cluster", string(world.subject.Digest), "--environment", "staging", "--kubeconfig", world.kubeconfig},
	} {
		t.Run(place, func(t *testing.T) {
			code, told := world.ask(t, append(flags, rule)...)
			for _, want := range []string{"breast-malignancy@sha256:", "in staging, by the limits of staging", rule, "AUROC may be as low as 0.7",
				"read     performance.auroc = 0.75 (0.7 to 0.8), n = 284", "passes   when performance.auroc", "remedy   ", "may be waived: assay waive " + rule} {
				if code != allowed || !strings.Contains(told, want) {
					t.Errorf("exit code %d, want %q in:\n%s", code, want, told)
				}
			}
		})
	}
}

// Without a rule it is told of all that deny, and scripts get the numbers.
func TestWhyOfAllThatDenies(t *testing.T) {
	world := newCharged(t)
	code, told := world.ask(t, "--release", world.file, "-o", "json")
	var all []judge.Why
	if err := json.Unmarshal([]byte(told), &all); code != allowed || err != nil || len(all) < 10 {
		t.Fatalf("exit code %d, %d rules, %v: %.300s", code, len(all), err, told)
	}
	at := slices.IndexFunc(all, func(one judge.Why) bool { return one.Rule == "model.performance.discrimination" })
	if at < 0 || len(all[at].Passes) == 0 || all[at].Passes[0].Reading.Name != "auroc" || all[at].Passes[0].Needed.Float() <= 0.7 {
		t.Errorf("%d: %.2000s", at, told)
	}
	if _, told := world.ask(t, "--release", world.file, "model.dataset.freshness"); !strings.Contains(told, "needs    dataset.extracted: it is not there") {
		t.Errorf("it does not say what is missing:\n%s", told)
	}
}

func TestWhyIsRefusedWhereThereIsNothingToAsk(t *testing.T) {
	world := newCharged(t)
	garbage := filepath.Join(t.TempDir(), "garbage.yaml")
	must(t, os.WriteFile(garbage, []byte("kind: Pod"), 0o600))
	for line, want := range map[string]string{
		"":                                      "--why needs a release",
		"model.nothing --release " + world.file: "there is no rule",
		"workload.pinned --release " + world.file:                                      "is about an object",
		"--release absent.yaml":                                                        "no such file",
		"--release " + garbage:                                                         "is no Release object",
		"--release " + world.release:                                                   "--environment is missing",
		"--release " + world.file + " --trust absent.yaml":                             "whom to trust",
		"--model breast-malignancy --environment development":                          "pins no release",
		"--model x --cluster y":                                                        "none of the others can be",
		"--kubeconfig " + world.kubeconfig + " --cluster other":                        "could not find",
		"--kubeconfig absent --cluster other":                                          "finding the cluster",
		"--kubeconfig " + world.kubeconfig + " --cluster " + string(evidence.Sum(nil)): "holds no release",
	} {
		if code, told := world.ask(t, strings.Fields(line)...); code != couldNotJudge || !strings.Contains(told, want) {
			t.Errorf("%s: exit code %d, want %q in:\n%s", line, code, want, told)
		}
	}
}

// Evidence that nobody trusts is no number.
func TestWhyOfEvidenceThatIsNotBelieved(t *testing.T) {
	world, other := newCharged(t), newShelf(t)
	code, told := world.ask(t, "--release", world.file, "--trust", filepath.Join(other.repository, "assay.yaml"), "model.evidence.verified")
	if code != allowed || !strings.Contains(told, "no single number") || !strings.Contains(told, "cannot be waived") {
		t.Errorf("exit code %d:\n%s", code, told)
	}
}
