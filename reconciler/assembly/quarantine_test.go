package assembly

import (
	"strings"
	"testing"
	"testing/fstest"

	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/render"
)

// merged is a repository with two environments and these orders, and a mistake
// elsewhere.
func merged(orders map[string]string) fstest.MapFS {
	tree := fstest.MapFS{
		"assay.yaml": {Data: []byte("apiVersion: assay.dev/v1alpha1\nkind: Platform\nmetadata: {name: demo}\nspec:\n  registry: registry.example.org\n" +
			"  environments: [development, staging]\n")},
		"models/broken/model.yaml": {Data: []byte("kind: Nonsense")},
	}
	for name, spec := range orders {
		tree["quarantines/"+name+".yaml"] = &fstest.MapFile{Data: []byte("apiVersion: assay.dev/v1alpha1\nkind: Quarantine\nmetadata: {name: " + name + "}\nspec: " + spec + "\n")}
	}
	return tree
}

var drift = `{digest: "sha256:` + strings.Repeat("7", 64) + `", reason: drift`

// Orders reach every environment that they name, beside its models, and leave it
// when they are lifted; nothing else on the branch is touched.
func TestQuarantinesReachTheEnvironmentsTheyName(t *testing.T) {
	o := newOrigin(t)
	workshop := &Workshop{branches: o.branches()}
	order := func(orders map[string]string) {
		t.Helper()
		if err := workshop.quarantine(t.Context(), merged(orders)); err != nil {
			t.Fatal(err)
		}
	}
	order(nil)
	if branches := o.git(o.bare, "branch", "--list"); branches != "" {
		t.Errorf("no order made the branches %s", branches)
	}
	deliver(t, workshop.branches, "breast", map[string][]byte{"namespace.yaml": []byte("ns"), "breast/workload.yaml": []byte("1")})
	order(map[string]string{"everywhere": drift + "}", "here": drift + ", environments: [staging], by: ruiz@example.org}"})
	if got := o.listing("env/development"); got != "breast/workload.yaml namespace.yaml quarantines.yaml" {
		t.Errorf("development holds %s", got)
	}
	staging := strings.Split(o.git(o.bare, "show", "env/staging:"+render.QuarantineFile), "---\n")
	if len(staging) != 2 || strings.Contains(o.git(o.bare, "show", "env/development:"+render.QuarantineFile), "ruiz") {
		t.Fatalf("staging holds %v", staging)
	}
	var object kube.Quarantine
	if err := yaml.UnmarshalStrict([]byte(staging[1]), &object); err != nil {
		t.Fatal(err)
	}
	if object.Name != "here.staging" || object.Annotations["argocd.argoproj.io/sync-wave"] != "-3" || object.Spec.By != "ruiz@example.org" || object.Spec.Reason != "drift" {
		t.Errorf("staging is told %+v", object)
	}
	tip := o.git(o.bare, "rev-parse", "env/development")
	order(map[string]string{"everywhere": drift + "}", "here": drift + ", environments: [staging], by: ruiz@example.org}"})
	if again := o.git(o.bare, "rev-parse", "env/development"); again != tip {
		t.Error("the same orders made another commit")
	}
	if err := workshop.branches.Withdraw(t.Context(), "development", nil); err != nil {
		t.Fatal(err)
	}
	if got := o.listing("env/development"); got != "namespace.yaml quarantines.yaml" {
		t.Errorf("when the model was withdrawn, development holds %s", got)
	}
	order(nil)
	if got := o.listing("env/development"); got != "namespace.yaml" {
		t.Errorf("lifted, development holds %s", got)
	}
}

func TestAnOrderThatCannotBeReadStopsTheReconciler(t *testing.T) {
	o := newOrigin(t)
	workshop := &Workshop{branches: o.branches()}
	if err := workshop.quarantine(t.Context(), merged(map[string]string{"drift": "{digest: latest, reason: drift}"})); err == nil || !strings.Contains(err.Error(), "quarantines/drift.yaml") {
		t.Errorf("it said %v", err)
	}
}
