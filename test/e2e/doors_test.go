package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/internal/trust"
	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// One judge, three doors: the same evidence, instant and rules give the same
// bytes, whoever asks. The three models cover what a verdict can be: allowed,
// allowed with warnings, denied.
func TestEveryDoorSaysTheSame(t *testing.T) {
	t.Parallel()
	for model, allowed := range map[string]bool{"breast-malignancy": true, "lung-survival": true, "colon-mortality": false} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			bench := newBench(t, model)
			bench.change("proposal", model)
			outcome := bench.mustCheck("proposal")
			atPullRequest := ofModel(t, outcome, model)
			bench.mustMerge("proposal")
			state := bench.merged(model)
			rehearsed := withoutChange(state.Verdict)
			admitted, whole := admit(t, bench, releaseOf(t, bench, state), "development")
			if atPullRequest.Allowed() != allowed || len(atPullRequest.Evaluated) < 20 {
				t.Fatalf("allowed is %t, after %d rules: %+v", atPullRequest.Allowed(), len(atPullRequest.Evaluated), atPullRequest.Findings)
			}
			same(t, "the rehearsal", rehearsed, atPullRequest)
			same(t, "the admission", admitted, atPullRequest)
			if whole.Allowed() != allowed {
				t.Errorf("the pod is admitted: %t, the model is allowed: %t", whole.Allowed(), allowed)
			}
		})
	}
}

// The comparison would notice: another environment's thresholds change the
// bytes, and so does another instant.
func TestOtherRulesSaySomethingElse(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "lung-survival")
	state := bench.merged("lung-survival")
	object := releaseOf(t, bench, state)
	inDevelopment, _ := admit(t, bench, object, "development")
	inProduction, _ := admit(t, bench, object, "production")
	if text(t, inDevelopment) == text(t, inProduction) {
		t.Error("the thresholds of production say what those of development say")
	}
}

func same(t *testing.T, door string, got, want gates.Verdict) {
	t.Helper()
	if text(t, got) != text(t, want) {
		t.Errorf("%s says\n%s\nthe pull request said\n%s", door, text(t, got), text(t, want))
	}
}

func text(t *testing.T, verdict gates.Verdict) string {
	t.Helper()
	written, err := json.Marshal(verdict)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

func ofModel(t *testing.T, outcome report.Report, model string) gates.Verdict {
	t.Helper()
	for _, one := range outcome.Promotions {
		if one.Model == model {
			return withoutChange(one.Verdict)
		}
	}
	t.Fatalf("%s was not judged: %+v", model, outcome)
	return gates.Verdict{}
}

// withoutChange leaves the model's own verdict: what the rules about a change
// say of the order of environments, only git knows.
func withoutChange(verdict gates.Verdict) gates.Verdict {
	ofChange := func(rule string) bool { return strings.HasPrefix(rule, "change.") }
	verdict.Evaluated = slices.DeleteFunc(slices.Clone(verdict.Evaluated), ofChange)
	verdict.Findings = slices.DeleteFunc(slices.Clone(verdict.Findings), func(found gates.Finding) bool { return ofChange(found.Rule) })
	return verdict
}

// releaseOf is the object that Argo CD would sync: from the environment's
// branch when the model was delivered, and otherwise forged by somebody who
// has its evidence.
func releaseOf(t *testing.T, bench *bench, state *promotion.State) *kube.Release {
	t.Helper()
	model := state.Request.Model
	if !state.Verdict.Allowed() {
		forged := &kube.Release{ObjectMeta: metav1.ObjectMeta{Name: model}, Spec: kube.ReleaseSpec{
			Model: model, Environment: state.Request.Environment, Digest: string(state.Release.Digest),
		}}
		for _, envelope := range bench.evidenceOf(state.Release) {
			forged.Spec.Envelopes = append(forged.Spec.Envelopes, string(envelope))
		}
		return forged
	}
	written, err := harness.Git(t.Context(), bench.bare, "show", "env/development:"+model+"/release.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var release kube.Release
	if err := yaml.UnmarshalStrict([]byte(written), &release); err != nil {
		t.Fatal(err)
	}
	return &release
}

// admit lets a Release arrive in a cluster and asks for a pod that mounts it.
// It answers with what the judge said of the model, and with the whole.
func admit(t *testing.T, bench *bench, object *kube.Release, profile string) (model, whole gates.Verdict) {
	t.Helper()
	court, err := judge.New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	clerk := &clerk{court: court}
	memory := webhook.NewMemory()
	memory.Trust(trusted(t, bench))
	memory.Remember(object)
	image := scannedImage(t, bench, object.Spec.Model)
	reference := bench.registry.host() + "/assay/models/" + object.Spec.Model + "@" + object.Spec.Digest
	whole, err = webhook.Door{Court: clerk, Memory: memory}.Judge(t.Context(), object.Spec.Environment, profile, noon, judge.Workload{
		Operation: "create", Kind: "Pod", Namespace: "models-development", Name: object.Spec.Model,
		Images: []judge.Image{{Container: "predictor", Reference: image, Digest: image[strings.Index(image, "@")+1:]}},
		Models: []judge.ModelUse{{
			Reference: reference, Where: "spec.volumes[0].image", How: "image_volume", Name: object.Spec.Model, Digest: object.Spec.Digest,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return clerk.model, whole
}

// clerk writes down what the judge says of a model.
type clerk struct {
	court webhook.Judge
	model gates.Verdict
}

func (c *clerk) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	verdict, err := c.court.Judge(ctx, question)
	if question.Model != nil {
		c.model = verdict
	}
	return verdict, err
}

// trusted are the signers of assay.yaml: the webhook is told the same ones.
func trusted(t *testing.T, bench *bench) evidence.Trust {
	t.Helper()
	var platform v1alpha1.Platform
	decode(t, bench, "assay.yaml", &platform)
	certificates, err := keyless.Of(os.DirFS(bench.clone), platform.Spec.Keyless)
	if err != nil {
		t.Fatal(err)
	}
	believed, err := trust.Of(platform.Spec.Signers, certificates)
	if err != nil {
		t.Fatal(err)
	}
	return believed
}

func scannedImage(t *testing.T, bench *bench, name string) string {
	t.Helper()
	var model v1alpha1.Model
	decode(t, bench, "models/"+name+"/model.yaml", &model)
	return model.Spec.Serving.Image
}

func decode(t *testing.T, bench *bench, file string, into v1alpha1.Object) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(bench.clone, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	if err := v1alpha1.Decode(file, content, into); err != nil {
		t.Fatal(err)
	}
}
