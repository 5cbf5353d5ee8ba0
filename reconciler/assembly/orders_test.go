package assembly

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/render"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
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
		if err := workshop.order(t.Context(), merged(orders)); err != nil {
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
	if err := workshop.order(t.Context(), merged(map[string]string{"drift": "{digest: latest, reason: drift}"})); err == nil || !strings.Contains(err.Error(), "quarantines/drift.yaml") {
		t.Errorf("it said %v", err)
	}
}

// freezing is a repository with a release in staging and these freezes.
func freezing(freezes map[string]string) fstest.MapFS {
	tree := merged(nil)
	for name, spec := range freezes {
		tree["freezes/"+name+".yaml"] = &fstest.MapFile{Data: []byte("apiVersion: assay.dev/v1alpha1\nkind: Freeze\nmetadata: {name: " + name + "}\nspec: " + spec + "\n")}
	}
	return tree
}

// A freeze reaches the clusters before it begins. While it holds it names what the
// branch holds, which is not new; and it leaves with its file.
func TestFreezesReachTheEnvironmentsAndNameWhatIsThere(t *testing.T) {
	o := newOrigin(t)
	now := time.Date(2026, 12, 24, 11, 59, 59, 0, time.UTC)
	workshop := &Workshop{branches: o.branches(), options: Options{Clock: func() time.Time { return now }}}
	digest := "sha256:" + strings.Repeat("7", 64)
	release := "apiVersion: assay.dev/v1alpha1\nkind: Release\nmetadata: {name: breast}\nspec: {model: breast, environment: staging, digest: \"" + digest + "\", envelopes: []}\n"
	if _, err := workshop.branches.Deliver(t.Context(), promotion.Delivery{Environment: "staging", Models: []string{"breast"}, Message: "deliver",
		Files: map[string][]byte{"breast/release.yaml": []byte(release), "breast/workload.yaml": []byte("1")}}); err != nil {
		t.Fatal(err)
	}
	holidays := map[string]string{"holidays": `{reason: nobody is there, from: "2026-12-24T12:00:00Z", until: "2027-01-04T06:00:00Z"}`}
	told := func(freezes map[string]string, environment string) (object kube.Freeze) {
		t.Helper()
		if err := workshop.order(t.Context(), freezing(freezes)); err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict([]byte(o.git(o.bare, "show", "env/"+environment+":"+render.FreezeFile)), &object); err != nil {
			t.Fatal(err)
		}
		return object
	}
	if got := told(holidays, "staging"); got.Name != "holidays.staging" || len(got.Spec.Known) != 0 || !slices.Equal(got.Spec.Environments, []string{"staging"}) || got.Spec.Until != "2027-01-04T06:00:00Z" {
		t.Errorf("before it begins: %+v", got)
	}
	now = now.Add(time.Second)
	if got := told(holidays, "staging"); !slices.Equal(got.Spec.Known, []string{digest}) {
		t.Errorf("when it has begun: %+v", got)
	}
	if got := told(holidays, "development"); got.Name != "holidays.development" || len(got.Spec.Known) != 0 {
		t.Errorf("where nothing is: %+v", got)
	}
	tip := o.git(o.bare, "rev-parse", "env/staging")
	if told(holidays, "staging"); o.git(o.bare, "rev-parse", "env/staging") != tip {
		t.Error("the same freeze made another commit")
	}
	if err := workshop.order(t.Context(), freezing(nil)); err != nil {
		t.Fatal(err)
	}
	if got := o.listing("env/staging"); got != "breast/release.yaml breast/workload.yaml" {
		t.Errorf("lifted, staging holds %s", got)
	}
	if err := workshop.order(t.Context(), freezing(map[string]string{"holidays": "{reason: x, schedule: soon}"})); err == nil || !strings.Contains(err.Error(), "freezes/holidays.yaml") {
		t.Errorf("one that cannot be read: %v", err)
	}
}

// What is wrong with a branch keeps no freeze from it.
func TestAFreezeIsDeliveredThoughNobodyCanListWhatIsThere(t *testing.T) {
	o := newOrigin(t)
	workshop := &Workshop{branches: o.branches(), options: Options{Clock: time.Now}}
	deliver(t, workshop.branches, "breast", map[string][]byte{"breast/release.yaml": []byte("kind: [")})
	err := workshop.order(t.Context(), freezing(map[string]string{"stop": "{reason: the ward moves}"}))
	if err == nil || !strings.Contains(err.Error(), "breast/release.yaml") {
		t.Errorf("it said %v", err)
	}
	if text := o.git(o.bare, "show", "env/development:"+render.FreezeFile); !strings.Contains(text, "the ward moves") {
		t.Errorf("development holds %s", text)
	}
}
