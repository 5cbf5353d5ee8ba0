package main

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const modelImage = "registry.example/models/wdbc@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func TestUnknownFlagIsABadCommandLine(t *testing.T) {
	for _, args := range [][]string{
		{"--dir", t.TempDir(), "--secure"},
		{"--dir", t.TempDir(), "--port", "65536"},
		{"--dir", t.TempDir(), "extra"},
		{},
	} {
		code, stdout, stderr := finish(t, args...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, "--help") {
			t.Errorf("%q: code %d, stdout %q, stderr %q", args, code, stdout, stderr)
		}
	}
}

func TestHelpHasAnExample(t *testing.T) {
	code, stdout, stderr := finish(t, "--help")
	if code != exitStopped || !strings.Contains(stdout, "Example:\n\n  controlplane --dir ") || stderr != "" {
		t.Errorf("code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

// A caller may give up while the API server still starts, and start again.
func TestStopDuringTheStartIsClean(t *testing.T) {
	dir := t.TempDir()
	for _, wait := range []time.Duration{0, 300 * time.Millisecond, time.Second, 1500 * time.Millisecond} {
		p := launch(t, dir)
		time.Sleep(wait)
		p.stdin.Close()
		if err := p.cmd.Wait(); err != nil || p.stderr.Len() > 0 {
			t.Errorf("stopping after %s: %v; stderr: %s", wait, err, &p.stderr)
		}
	}
}

// The story of one folder, from its first start to a fresh one.
func TestWorldIsServedAndKept(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	client := connect(t, dir)
	t.Run("readyz answers under the kubeconfig's authority", func(t *testing.T) { readyzAnswers(t, dir) })
	t.Run("a stranger is turned away", func(t *testing.T) { strangerIsForbidden(t, dir) })
	t.Run("a pod may mount a model image by digest", func(t *testing.T) { imageVolumeIsAccepted(t, client) })
	t.Run("a webhook at a loopback url denies", func(t *testing.T) { webhookDenies(t, client) })
	t.Run("a second process is refused the folder", func(t *testing.T) { secondProcessIsRefused(t, dir) })

	watch, err := client.CoreV1().Pods("default").Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Stop()
	first.terminate(t) // an open watch does not delay it

	second := start(t, dir)
	if got := modelReference(t, connect(t, dir)); got != modelImage {
		t.Errorf("after a restart the pod mounts %q, want %q", got, modelImage)
	}
	second.terminate(t)

	third := start(t, dir, "--fresh")
	_, err = connect(t, dir).CoreV1().Pods("default").Get(t.Context(), "model", metav1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("a fresh start still finds the pod: %v", err)
	}
	third.stdin.Close()
	third.expectStop(t)
}

func clientConfig(t *testing.T, dir string) *rest.Config {
	t.Helper()
	cfg, err := clientcmd.BuildConfigFromFlags("", filepath.Join(dir, "kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Insecure || len(cfg.CAData) == 0 {
		t.Fatal("the kubeconfig does not verify the server")
	}
	return cfg
}

func connect(t *testing.T, dir string) *kubernetes.Clientset {
	t.Helper()
	client, err := kubernetes.NewForConfig(clientConfig(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func get(t *testing.T, cfg *rest.Config, path string) (status int, body string) {
	t.Helper()
	client, err := rest.HTTPClientFor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Get(cfg.Host + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

func readyzAnswers(t *testing.T, dir string) {
	if status, body := get(t, clientConfig(t, dir), "/readyz"); status != http.StatusOK || body != "ok" {
		t.Errorf("/readyz answered %d %q", status, body)
	}
}

func strangerIsForbidden(t *testing.T, dir string) {
	anonymous := rest.AnonymousClientConfig(clientConfig(t, dir))
	if status, body := get(t, anonymous, "/api/v1/namespaces/default/pods"); status != http.StatusForbidden {
		t.Errorf("without a token the pods are answered %d %q", status, body)
	}
}

func imageVolumeIsAccepted(t *testing.T, client *kubernetes.Clientset) {
	if _, err := create(t.Context(), client, pod("model")); err != nil {
		t.Fatal(err)
	}
	// A disabled feature would drop the field without a word.
	if got := modelReference(t, client); got != modelImage {
		t.Errorf("the pod mounts %q, want %q", got, modelImage)
	}
}

func secondProcessIsRefused(t *testing.T, dir string) {
	code, stdout, stderr := finish(t, "--dir", dir, "--fresh")
	if code != exitBroken || stdout != "" || !strings.Contains(stderr, "another control plane") {
		t.Errorf("code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

// pod mounts a model image by digest beside its server.
func pod(name string) *corev1.Pod {
	model := corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: modelImage}}
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"name": name}},
		Spec: corev1.PodSpec{
			Volumes: []corev1.Volume{{Name: "model", VolumeSource: model}},
			Containers: []corev1.Container{{
				Name:         "server",
				Image:        "registry.example/server:1",
				VolumeMounts: []corev1.VolumeMount{{Name: "model", MountPath: "/model"}},
			}},
		},
	}
}

func create(ctx context.Context, client *kubernetes.Clientset, pod *corev1.Pod) (*corev1.Pod, error) {
	return client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{})
}

func modelReference(t *testing.T, client *kubernetes.Clientset) string {
	t.Helper()
	pod, err := client.CoreV1().Pods("default").Get(t.Context(), "model", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if image := pod.Spec.Volumes[0].Image; image != nil {
		return image.Reference
	}
	return ""
}
