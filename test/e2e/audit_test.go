package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// audited is a cluster in which one released model runs, and is looked at again.
type audited struct {
	*harness.World
	t         *testing.T
	bench     *bench
	public    string
	release   *kube.Release
	admission string
}

const auditedNamespace = "models-development"

// soon is how long the audit may take to tell what it saw.
const soon = 20 * time.Second

// What already runs is judged again by a process of its own, against a real API
// server: what it says follows the cluster within seconds, and it writes nothing
// while there is nothing new to say.
func TestWhatRunsIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	a := newAudited(t)
	a.run()
	a.says("model.security.database_fresh: ", metav1.ConditionTrue, 1)
	a.reports("the running pod", map[string]int64{"fail": 0, "error": 0}, "")

	a.calendar("model.security.database_fresh", 0)
	t.Run("nothing is written while nothing changes", func(t *testing.T) { a.restsWhile(t, func() {}) })
	t.Run("nor when a pod changes in nothing that a rule sees", func(t *testing.T) {
		a.restsWhile(t, func() {
			var pod corev1.Pod
			a.get(&pod, auditedNamespace, "serve")
			pod.Labels = map[string]string{"touched": "true"}
			if err := a.Client.Update(t.Context(), &pod); err != nil {
				t.Fatal(err)
			}
		})
	})
	a.quarantined()
	a.expired()
	a.withdrawn()
	if err := a.Client.Delete(t.Context(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: auditedNamespace, Name: "serve"}}, client.GracePeriodSeconds(0)); err != nil {
		t.Fatal(err)
	}
	a.until("the report of an empty namespace is gone", func() bool { return a.report() == nil })
}

func (a *audited) quarantined() {
	a.t.Helper()
	order := &kube.Quarantine{ObjectMeta: metav1.ObjectMeta{Name: "drift"},
		Spec: kube.QuarantineSpec{Digest: a.release.Spec.Digest, Reason: "drift of the scanner"}}
	if err := a.Client.Create(a.t.Context(), order); err != nil {
		a.t.Fatal(err)
	}
	a.says("drift of the scanner", metav1.ConditionFalse, 1)
	a.calendar("not admissible", 1)
	a.reports("under quarantine", nil, "workload.quarantine")
	if err := a.Client.Delete(a.t.Context(), order); err != nil {
		a.t.Fatal(err)
	}
	a.says("model.security.database_fresh: ", metav1.ConditionTrue, 1)
}

// expired lets the measurer's key end, first in two days and then now.
func (a *audited) expired() {
	a.t.Helper()
	end := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Minute)
	a.admit("    until: " + end.Format(time.RFC3339))
	a.says("until "+end.Format(time.RFC3339)+": ", metav1.ConditionTrue, 1)
	var told kube.Release
	a.get(&told, "", a.release.Name)
	if told.Status.AdmissibleUntil == nil || !told.Status.AdmissibleUntil.Time.Equal(end) || told.Status.Rule == "" {
		a.t.Errorf("the key ends at %s, the status is %+v", end, told.Status)
	}
	a.admit("    until: " + time.Now().Add(8*time.Second).UTC().Format(time.RFC3339))
	a.says("", metav1.ConditionFalse, 1)
	a.reports("without a key", nil, "workload.admissible")
	a.admit("")
	a.says("model.security.database_fresh: ", metav1.ConditionTrue, 1)
}

func (a *audited) withdrawn() {
	a.t.Helper()
	if err := a.Client.Delete(a.t.Context(), a.release.DeepCopy()); err != nil {
		a.t.Fatal(err)
	}
	a.reports("of a model that was withdrawn", nil, "workload.released")
}

// calendar is what people read of it.
func (a *audited) calendar(want string, code int) {
	a.t.Helper()
	var out strings.Builder
	command := exec.CommandContext(a.t.Context(), assayBinary(a.t), "calendar", "--kubeconfig", a.Kubeconfig)
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	if got := command.ProcessState.ExitCode(); got != code || !strings.Contains(out.String(), want) || !strings.Contains(out.String(), a.release.Name) {
		a.t.Errorf("assay calendar ends with %d, %v\n%s", got, err, out.String())
	}
}

func newAudited(t *testing.T) *audited {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	a := &audited{t: t}
	a.promote()
	if a.World, err = harness.Start(t.Context(), t.TempDir(), bin); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	})
	a.install()
	return a
}

// promote makes a release that passes every rule, as of now.
func (a *audited) promote() {
	a.t.Helper()
	made, err := newPromotions(a.t.Context(), a.t.TempDir(), time.Now().Add(-time.Hour))
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(made.registry.server.Close)
	a.bench = &bench{promotions: made, t: a.t}
	const model = "breast-malignancy"
	if err := made.propose(a.t.Context(), "only", func() error { return made.dropAllBut(model) }); err != nil {
		a.t.Fatal(err)
	}
	a.bench.mustMerge("only")
	state := a.t.TempDir()
	a.bench.Workshop, err = assembly.Open(assembly.Options{
		Repository: made.bare, StateDir: state, Ledger: filepath.Join(state, "ledger"), Signer: a.bench.signer(),
		Log: assembly.NewLog(filepath.Join(state, "log"), made.private), Clock: time.Now,
	})
	if err != nil {
		a.t.Fatal(err)
	}
	a.release = releaseOf(a.t, a.bench, a.bench.merged(model))
}

func (a *audited) install() {
	a.t.Helper()
	var platform v1alpha1.Platform
	decode(a.t, a.bench, "assay.yaml", &platform)
	a.public, a.admission = platform.Spec.Signers[0].PublicKey, filepath.Join(a.Dir, "admission.yaml")
	a.admit("")
	definition, err := os.ReadFile("testdata/policyreports.yaml")
	if err != nil {
		a.t.Fatal(err)
	}
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(definition, &object.Object); err != nil {
		a.t.Fatal(err)
	}
	if err := a.Apply(a.t.Context(), object); err != nil {
		a.t.Fatal(err)
	}
	if err := a.InstallSystem(a.t.Context(), a.admission, filepath.Join(filepath.Dir(a.bench.clone), "assay.key")); err != nil {
		a.t.Fatal(err)
	}
}

// admit writes the Admission file, with something about the key.
func (a *audited) admit(more string) {
	a.t.Helper()
	text := fmt.Sprintf(`apiVersion: assay.dev/v1alpha1
kind: Admission
metadata: {name: audited}
spec:
  modelRepositories: ["%s/assay/models"]
  environments: [{name: development, profile: development}]
  signers:
  - name: reconciler
    predicates: [%s]
    publicKey: |
      %s
%s
`, a.bench.registry.host(), strings.Join(evidence.ReconcilerTypes(), ", "), strings.ReplaceAll(strings.TrimSpace(a.public), "\n", "\n      "), more)
	if err := os.WriteFile(a.admission, []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// run lets the release into the cluster, and a pod that serves it.
func (a *audited) run() {
	a.t.Helper()
	image := scannedImage(a.t, a.bench, a.release.Spec.Model)
	reference := a.bench.registry.host() + "/assay/models/" + a.release.Spec.Model + "@" + a.release.Spec.Digest
	for _, object := range []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: auditedNamespace, Labels: map[string]string{"assay.dev/environment": "development"}}},
		a.release.DeepCopy(),
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: auditedNamespace, Name: "serve"}, Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "predictor", Image: image}},
			Volumes:    []corev1.Volume{{Name: "model", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: reference}}}},
		}},
	} {
		var last error
		a.until(fmt.Sprintf("%T is let in", object), func() bool {
			last = a.Client.Create(a.t.Context(), object)
			if last != nil {
				a.t.Log(last)
			}
			return last == nil
		})
	}
}

// says waits until the status of the release does.
func (a *audited) says(message string, status metav1.ConditionStatus, workloads int32) {
	a.t.Helper()
	var told kube.Release
	a.until(fmt.Sprintf("the status is %s, %d workloads, %q", status, workloads, message), func() bool {
		a.get(&told, "", a.release.Name)
		said := meta.FindStatusCondition(told.Status.Conditions, kube.Admissible)
		return said != nil && said.Status == status && strings.Contains(said.Message, message) && told.Status.Workloads == workloads
	}, func() string { return fmt.Sprintf("%+v", told.Status) })
}

// reports waits until the report of the namespace has these counts, and a result
// of this rule.
func (a *audited) reports(what string, counts map[string]int64, rule string) {
	a.t.Helper()
	var report map[string]any
	a.until("the report is of "+what, func() bool {
		if report = a.report(); report == nil {
			return false
		}
		for name, want := range counts {
			if got, _, _ := unstructured.NestedInt64(report, "summary", name); got != want {
				return false
			}
		}
		found := rule == ""
		results, _, _ := unstructured.NestedSlice(report, "results")
		for _, one := range results {
			named := one.(map[string]any)
			found = found || named["rule"] == rule && named["result"] == "fail"
		}
		return found && len(results) > 0
	}, func() string { return fmt.Sprint(report) })
}

func (a *audited) report() map[string]any {
	a.t.Helper()
	found := &unstructured.Unstructured{}
	found.SetAPIVersion("wgpolicyk8s.io/v1alpha2")
	found.SetKind("PolicyReport")
	err := a.Client.Get(a.t.Context(), client.ObjectKey{Namespace: auditedNamespace, Name: "assay"}, found)
	if client.IgnoreNotFound(err) != nil {
		a.t.Fatal(err)
	}
	if err != nil {
		return nil
	}
	return found.Object
}

// restsWhile holds what the audit wrote against what stands there some passes
// later.
func (a *audited) restsWhile(t *testing.T, something func()) {
	t.Helper()
	version := func() string {
		var release kube.Release
		a.get(&release, "", a.release.Name)
		return release.ResourceVersion + " " + (&unstructured.Unstructured{Object: a.report()}).GetResourceVersion()
	}
	before := version()
	something()
	time.Sleep(5 * time.Second)
	if after := version(); after != before {
		t.Errorf("the release and the report were of version %s, now %s", before, after)
	}
}

func (a *audited) get(object client.Object, namespace, name string) {
	a.t.Helper()
	if err := a.Client.Get(a.t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, object); err != nil {
		a.t.Fatal(err)
	}
}

func (a *audited) until(what string, is func() bool, last ...func() string) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), soon)
	defer cancel()
	for !is() {
		select {
		case <-ctx.Done():
			for _, told := range last {
				a.t.Log(told())
			}
			log, _ := os.ReadFile(filepath.Join(a.Dir, "audit", "assay-webhook.log"))
			a.t.Fatalf("%s: not within %s\n%s", what, soon, log)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
