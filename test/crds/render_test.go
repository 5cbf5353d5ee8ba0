package crds

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/render"
)

// identities are what the clouds call an identity and a vault.
var identities = map[string][2]string{
	"":           {},
	render.AWS:   {"arn:aws:iam::111122223333:role/breast-risk", "eu-central-1"},
	render.Azure: {"01234567-89ab-cdef-0123-456789abcdef", "https://clinic-models.vault.azure.net"},
	render.GCP:   {"breast-risk@clinic-models.iam.gserviceaccount.com", "clinic-models"},
}

func release(model, environment string, profile render.Profile, replicas int) render.Release {
	return render.Release{
		Model: model, Environment: environment, Namespace: "models-" + environment, Profile: profile, Replicas: replicas,
		Artifact:  "registry.example.org/clinic/models/" + model + "@sha256:" + strings.Repeat("1", 64),
		Image:     "registry.example.org/serving/server@sha256:" + strings.Repeat("2", 64),
		Envelopes: []evidence.Envelope{evidence.Envelope(`{"payload":"YQ=="}`)},
	}
}

// profiles are every combination of what may be asked for, where it may be.
func profiles() []render.Release {
	var all []render.Release
	for cloud, names := range identities {
		for _, scaling := range []string{"", render.CPU, render.Requests, render.KServe, "fixed", "fixed on kserve"} {
			for _, mesh := range []bool{false, true} {
				for _, alarms := range []bool{false, true} {
					profile := render.Profile{Cloud: cloud, Identity: names[0], Vault: names[1]}
					replicas := 0
					switch scaling {
					case render.CPU, render.Requests:
						profile.Scaling, profile.MaxReplicas = scaling, 1000
					case "fixed":
						replicas = 3
					case render.KServe:
						profile.Runtime, profile.MaxReplicas = render.KServe, 1000
					case "fixed on kserve":
						profile.Runtime, replicas = render.KServe, 3
					}
					if cloud != "" {
						profile.Secrets = []string{"feature-store", "terminology"}
					}
					if mesh {
						profile.Clients = []string{"cluster.local/ns/clinic/sa/records"}
					}
					if alarms {
						profile.AccuracyMin, profile.RequestsMax = "0.85", 1000
					}
					all = append(all, release("breast-risk", "prod", profile, replicas))
				}
			}
		}
	}
	return all
}

func objectsOf(t *testing.T, release render.Release) []unstructured.Unstructured {
	t.Helper()
	files, err := render.Render(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	var objects []unstructured.Unstructured
	for _, name := range slices.Sorted(maps.Keys(files)) {
		found, err := Objects(files[name])
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, found...)
	}
	return objects
}

// TestEveryRenderingIsWhatWillBeLive: no API server would refuse, prune or
// complete anything that is written to an environment branch; no field has two
// writers; and Argo CD may sync all of it.
func TestEveryRenderingIsWhatWillBeLive(t *testing.T) {
	catalogue := load(t)
	allowed, kinds := allowedKinds(t), map[string]bool{}
	for _, release := range profiles() {
		objects := objectsOf(t, release)
		for _, object := range objects {
			for _, problem := range catalogue.Check(t.Context(), object) {
				t.Errorf("%+v\n%s: %s", release.Profile, identity(object), problem)
			}
			kind := object.GroupVersionKind().Group + "/" + object.GetKind()
			if kinds[kind] = true; !allowed[kind] {
				t.Errorf("manifests/argocd/project.yaml does not let %s in", kind)
			}
		}
		for _, dispute := range Owners(objects) {
			t.Errorf("%+v\n%s", release.Profile, dispute)
		}
	}
	if len(kinds) != 18 {
		t.Errorf("rendered %v", slices.Sorted(maps.Keys(kinds)))
	}
	for kind := range allowed {
		if !kinds[kind] && kind != "assay.dev/Quarantine" && kind != "assay.dev/Freeze" {
			t.Errorf("manifests/argocd/project.yaml lets %s in, which nothing renders", kind)
		}
	}
}

func TestWhatIsInstalledIsWhatWillBeLive(t *testing.T) {
	catalogue := load(t)
	for _, folder := range []string{"../../manifests/system/webhook", "../../manifests/system/reconciler", "../../manifests/system/cert-manager"} {
		resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
		if err != nil {
			t.Fatal(err)
		}
		content, err := resources.AsYaml()
		if err != nil {
			t.Fatal(err)
		}
		check(t, catalogue, folder, content)
	}
	for _, name := range []string{"../../manifests/argocd/project.yaml", "../../manifests/argocd/applicationset.yaml"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		check(t, catalogue, name, content)
	}
}

func check(t *testing.T, catalogue *Catalogue, name string, content []byte) {
	t.Helper()
	objects, err := Objects(content)
	if err != nil || len(objects) == 0 {
		t.Fatalf("%s: %d objects: %v", name, len(objects), err)
	}
	for _, object := range objects {
		if object.GetKind() == "CustomResourceDefinition" {
			continue
		}
		for _, problem := range catalogue.Check(t.Context(), object) {
			t.Errorf("%s: %s: %s", name, identity(object), problem)
		}
	}
}

// allowedKinds are what the AppProject lets Argo CD write.
func allowedKinds(t *testing.T) map[string]bool {
	t.Helper()
	content, err := os.ReadFile("../../manifests/argocd/project.yaml")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := Objects(content)
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	for _, list := range []string{"clusterResourceWhitelist", "namespaceResourceWhitelist"} {
		entries, _, _ := unstructured.NestedSlice(objects[0].Object, "spec", list)
		for _, entry := range entries {
			kind := entry.(map[string]any)
			allowed[kind["group"].(string)+"/"+kind["kind"].(string)] = true
		}
	}
	return allowed
}
