package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/go-logr/logr"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

func newClient(config *rest.Config) (client.Client, error) {
	log.SetLogger(logr.Discard()) // or it complains, with a stack, that nobody has
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), kube.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	return client.New(config, client.Options{Scheme: scheme})
}

// waveAnnotation orders objects for Argo CD, and so for this sync.
const waveAnnotation = "argocd.argoproj.io/sync-wave"

// objects reads every Kubernetes object of a tree, in the order of their sync
// waves and then of their files.
func objects(tree fs.FS) ([]*unstructured.Unstructured, error) {
	var found []*unstructured.Unstructured
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
		for {
			object := &unstructured.Unstructured{}
			if err := decoder.Decode(object); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			if object.GetKind() != "" && object.GetKind() != "Kustomization" {
				found = append(found, object)
			}
		}
	})
	slices.SortStableFunc(found, func(a, b *unstructured.Unstructured) int { return wave(a) - wave(b) })
	return found, err
}

func wave(object *unstructured.Unstructured) int {
	number, err := strconv.Atoi(object.GetAnnotations()[waveAnnotation])
	if err != nil {
		return 0
	}
	return number
}

// Apply puts an object into the cluster by server-side apply.
func (w *World) Apply(ctx context.Context, object *unstructured.Unstructured) error {
	err := w.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(object), client.FieldOwner("assay-harness"), client.ForceOwnership)
	if err != nil {
		return fmt.Errorf("applying %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return nil
}

// Sync plays Argo CD's part: it applies an environment's branch through the
// API server, and nothing more. Like Argo CD it tries again what was refused: a
// workload can reach the webhook before the Release that was applied an
// instant earlier.
func (w *World) Sync(ctx context.Context, tree fs.FS) error {
	found, err := objects(tree)
	if err != nil {
		return err
	}
	for _, object := range found {
		err := w.Apply(ctx, object)
		for tries := 0; apierrors.IsForbidden(err) && tries < 10; tries++ {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(200 * time.Millisecond):
			}
			err = w.Apply(ctx, object)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// PodOf is the pod that the ReplicaSet controller would make of a Deployment:
// there is no controller manager in this world.
func (w *World) PodOf(ctx context.Context, namespace, deployment, name string) (*corev1.Pod, error) {
	var owner appsv1.Deployment
	if err := w.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: deployment}, &owner); err != nil {
		return nil, err
	}
	pod := &corev1.Pod{ObjectMeta: *owner.Spec.Template.ObjectMeta.DeepCopy(), Spec: *owner.Spec.Template.Spec.DeepCopy()}
	pod.Namespace, pod.Name = namespace, name
	return pod, nil
}
