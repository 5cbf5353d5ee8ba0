package render

import (
	"bufio"
	"bytes"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func release() Release {
	return Release{
		Model: "breast-risk", Environment: "prod", Namespace: "models-prod",
		Artifact:  "registry.example.org/clinic/models/breast-risk@sha256:" + strings.Repeat("1", 64),
		Image:     "registry.example.org/serving/server@sha256:" + strings.Repeat("2", 64),
		Replicas:  3,
		Labels:    map[string]string{"clinic.example.org/team": "breast"},
		Envelopes: []evidence.Envelope{evidence.Envelope(`{"payload":"Yg=="}`), evidence.Envelope(`{"payload":"YQ=="}`)},
	}
}

func autoscaled() Release {
	r := release()
	r.Replicas, r.Labels = 0, nil
	return r
}

func extended() Release {
	r := release()
	r.Component = fstest.MapFS{
		"kustomization.yaml": {Data: []byte("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- path: memory.yaml\n")},
		"memory.yaml": {Data: []byte(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: serving}
spec: {template: {spec: {containers: [{name: server, image: evil, resources: {limits: {memory: 4Gi}}}]}}}
`)},
	}
	return r
}

func TestGolden(t *testing.T) {
	for name, release := range map[string]Release{
		"fixed": release(), "autoscaled": autoscaled(), "component": extended(), "paced": paced(),
		"aws": full(AWS), "azure": full(Azure), "gcp": full(GCP), "kserve": onKServe(AWS, 0), "kserve-fixed": onKServe(GCP, 3),
	} {
		t.Run(name, func(t *testing.T) {
			got := txtar.Format(archive(t, release))
			file := "testdata/" + name + ".txtar"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("rendered:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func archive(t *testing.T, release Release) *txtar.Archive {
	t.Helper()
	files, err := Render(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	var a txtar.Archive
	for _, name := range slices.Sorted(maps.Keys(files)) {
		a.Files = append(a.Files, txtar.File{Name: name, Data: files[name]})
	}
	return &a
}

func TestTheOrderOfSigningDoesNotMatter(t *testing.T) {
	other := release()
	slices.Reverse(other.Envelopes)
	if a, b := txtar.Format(archive(t, release())), txtar.Format(archive(t, other)); !bytes.Equal(a, b) {
		t.Error("two renderings of one release differ")
	}
}

func TestEveryObjectIsAKubernetesObject(t *testing.T) {
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, kube.AddToScheme} {
		if err := add(known); err != nil {
			t.Fatal(err)
		}
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, known, known, json.SerializerOptions{Yaml: true, Strict: true})
	for _, release := range []Release{release(), autoscaled()} {
		kinds := map[string]bool{}
		for _, file := range archive(t, release).Files {
			documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(file.Data)))
			for document, err := documents.Read(); err == nil; document, err = documents.Read() {
				_, kind, err := strict.Decode(document, nil, nil)
				if err != nil {
					t.Errorf("%s: %v", file.Name, err)
					continue
				}
				kinds[kind.Kind] = true
			}
		}
		if len(kinds) < 7 || kinds["HorizontalPodAutoscaler"] != (release.Replicas == 0) {
			t.Errorf("rendered the kinds %v", slices.Sorted(maps.Keys(kinds)))
		}
	}
}

func TestAComponentCannotExchangeTheImage(t *testing.T) {
	workload := string(txtar.Format(archive(t, extended())))
	if strings.Contains(workload, "evil") || !strings.Contains(workload, "image: "+extended().Image) {
		t.Errorf("rendered:\n%s", workload)
	}
	if !strings.Contains(workload, "memory: 4Gi") {
		t.Error("the component had no effect at all")
	}
}

func TestWhatCannotBeRendered(t *testing.T) {
	for name, spoil := range map[string]func(*Release){
		"traversing model":   func(r *Release) { r.Model = "../x" },
		"long model":         func(r *Release) { r.Model = strings.Repeat("x", 51) },
		"no namespace":       func(r *Release) { r.Namespace = "" },
		"tagged model":       func(r *Release) { r.Artifact = "registry.example.org/m:latest" },
		"image without host": func(r *Release) { r.Image = "x@sha256:" + strings.Repeat("2", 64) },
		"negative replicas":  func(r *Release) { r.Replicas = -1 },
		"no evidence":        func(r *Release) { r.Envelopes = nil },
		"too much evidence":  func(r *Release) { r.Envelopes = make([]evidence.Envelope, 33) },
		"our label":          func(r *Release) { r.Labels = map[string]string{"assay.dev/environment": "dev"} },
		"impossible label":   func(r *Release) { r.Labels = map[string]string{"x": "a b"} },
	} {
		r := release()
		spoil(&r)
		if _, err := Render(t.Context(), r); err == nil {
			t.Errorf("%s: rendered", name)
		}
	}
}
