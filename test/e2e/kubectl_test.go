package e2e

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

const (
	system    = "assay-system"
	namespace = "models-development"
	served    = "breast-malignancy"
)

// askKubectl looks at the world of a demo as its operator would.
func askKubectl(t *testing.T, kubeconfig string) {
	binary, err := buildKubectl(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	kubectl := func(arguments ...string) (string, error) {
		command := exec.CommandContext(t.Context(), binary, arguments...)
		command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "HOME="+t.TempDir())
		said, err := command.CombinedOutput()
		return string(said), err
	}
	t.Run("columns", func(t *testing.T) { readColumns(t, kubectl) })
	t.Run("objects", func(t *testing.T) { readObjects(t, newClient(t, kubeconfig)) })
	t.Run("pods", func(t *testing.T) { applyPods(t, newClient(t, kubeconfig), kubectl) })
}

// readColumns checks what a table shows: its head, and a row by its cells.
func readColumns(t *testing.T, kubectl func(...string) (string, error)) {
	for _, list := range []struct {
		arguments []string
		head      string
		cells     []string // of one row
	}{
		{[]string{"get", "promotions", "-n", system}, "NAME MODEL ENVIRONMENT RELEASE READY REASON",
			[]string{"breast-malignancy.staging", served, "staging", "sha256:", "True", "Delivered"}},
		{[]string{"get", "promotions", "-n", system}, "NAME MODEL ENVIRONMENT RELEASE READY REASON",
			[]string{"lung-survival.development", "lung-survival", "development", "sha256:", "True", "Delivered"}},
		{[]string{"get", "releases"}, "NAME MODEL ENVIRONMENT DIGEST ADMISSIBLE UNTIL WORKLOADS", []string{"", served, "staging", "sha256:", "True", "20", ""}},
		{[]string{"get", "repositories", "-n", system}, "NAME URL COMMIT READY REASON",
			[]string{"promotions", "http://127.0.0.1:", "", "True", "Reconciled"}},
	} {
		said, err := kubectl(list.arguments...)
		if err != nil {
			t.Fatalf("%v: %v\n%s", list.arguments, err, said)
		}
		lines := strings.Split(strings.TrimSpace(said), "\n")
		if head := strings.Join(strings.Fields(lines[0]), " "); head != list.head {
			t.Errorf("%v: the columns are %s, want %s", list.arguments, head, list.head)
		}
		if !slices.ContainsFunc(lines[1:], func(line string) bool { return holds(strings.Fields(line), list.cells) }) {
			t.Errorf("%v: no row is like %v:\n%s", list.arguments, list.cells, said)
		}
	}
}

// holds says whether each cell begins as wanted.
func holds(cells, wanted []string) bool {
	if len(cells) != len(wanted) {
		return false
	}
	for i := range cells {
		if !strings.HasPrefix(cells[i], wanted[i]) {
			return false
		}
	}
	return true
}

// readObjects asks in code: every phase of a delivered promotion is a true
// condition, and the Release that serves is the one that was judged.
func readObjects(t *testing.T, reader client.Client) {
	var promotion kube.Promotion
	if err := reader.Get(t.Context(), client.ObjectKey{Namespace: system, Name: served + ".development"}, &promotion); err != nil {
		t.Fatal(err)
	}
	if len(promotion.Status.Conditions) != 10 || len(promotion.Status.Outputs) != 9 {
		t.Errorf("%d conditions, %d outputs: %+v", len(promotion.Status.Conditions), len(promotion.Status.Outputs), promotion.Status)
	}
	for _, condition := range promotion.Status.Conditions {
		if condition.Status != "True" {
			t.Errorf("%s is %s: %s", condition.Type, condition.Status, condition.Message)
		}
	}
	var releases kube.ReleaseList
	if err := reader.List(t.Context(), &releases); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(releases.Items, func(release kube.Release) bool {
		return release.Spec.Environment == "development" && release.Spec.Digest == promotion.Status.Release && len(release.Spec.Envelopes) == 6
	}) {
		t.Errorf("no Release of %s with its six envelopes is there", promotion.Status.Release)
	}
}

// applyPods tries the model's own pod, and what people do to it.
func applyPods(t *testing.T, reader client.Client, kubectl func(...string) (string, error)) {
	never := "sha256:" + strings.Repeat("deadbeef", 8)
	for _, tried := range []struct {
		name, rule string
		change     func(*corev1.Pod, *corev1.ImageVolumeSource)
	}{
		{"unchanged", "", func(*corev1.Pod, *corev1.ImageVolumeSource) {}},
		{"never-promoted", "workload.released", func(_ *corev1.Pod, model *corev1.ImageVolumeSource) {
			model.Reference = model.Reference[:strings.Index(model.Reference, "@")] + "@" + never
		}},
		{"by-tag", "workload.pinned", func(_ *corev1.Pod, model *corev1.ImageVolumeSource) {
			model.Reference = model.Reference[:strings.Index(model.Reference, "@")] + ":latest"
		}},
		{"smuggled", "workload.mounted", func(pod *corev1.Pod, model *corev1.ImageVolumeSource) {
			container := &pod.Spec.Containers[0]
			container.Env = append(container.Env, corev1.EnvVar{Name: "MODEL_URI", Value: "oci://" + model.Reference})
			container.VolumeMounts, pod.Spec.Volumes = nil, nil
		}},
	} {
		said, err := kubectl("apply", "-f", write(t, podOf(t, reader, "kubectl-"+tried.name, tried.change)))
		switch {
		case tried.rule == "" && err != nil:
			t.Errorf("%s: %v\n%s", tried.name, err, said)
		case tried.rule != "" && (err == nil || !strings.Contains(said, tried.rule+": ") || !strings.Contains(said, "denied")):
			t.Errorf("%s: it must be denied by %s, and is told:\n%s", tried.name, tried.rule, said)
		}
	}
}

func podOf(t *testing.T, reader client.Client, name string, change func(*corev1.Pod, *corev1.ImageVolumeSource)) *corev1.Pod {
	t.Helper()
	world := harness.World{Client: reader}
	pod, err := world.PodOf(t.Context(), namespace, served+"-serving", name)
	if err != nil {
		t.Fatal(err)
	}
	pod.APIVersion, pod.Kind = "v1", "Pod"
	at := slices.IndexFunc(pod.Spec.Volumes, func(volume corev1.Volume) bool { return volume.Image != nil })
	if at < 0 {
		t.Fatal("the pod mounts no model")
	}
	change(pod, pod.Spec.Volumes[at].Image)
	return pod
}

func write(t *testing.T, pod *corev1.Pod) string {
	t.Helper()
	content, err := yaml.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), pod.Name+".yaml")
	if err := os.WriteFile(path, bytes.TrimSpace(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func newClient(t *testing.T, kubeconfig string) client.Client {
	t.Helper()
	log.SetLogger(logr.Discard()) // or controller-runtime complains, with a stack
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), kube.AddToScheme(scheme)); err != nil {
		t.Fatal(err)
	}
	made, err := client.New(config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
