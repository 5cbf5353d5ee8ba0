package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// Delivered is what `assay demo` has delivered of one model: a release that
// passes every rule today, the pod that serves it, and the key that signed it.
type Delivered struct {
	Release       kube.Release
	Statements    []evidence.Statement
	Pod           corev1.Pod
	Configuration webhook.Configuration
	Admission     string // the file that holds it
	signer        evidence.KeySigner
}

const deliveredModel = "breast-malignancy"

// Read finds it in the folder of a demo that has ended.
func Read(ctx context.Context, dir string) (*Delivered, error) {
	found := &Delivered{Admission: filepath.Join(dir, "admission.yaml")}
	text, err := os.ReadFile(found.Admission)
	if err != nil {
		return nil, fmt.Errorf("%w\nhint: .assay/bin/assay demo --dir %s", err, dir)
	}
	if found.Configuration, err = webhook.ParseConfiguration(text, nil); err != nil {
		return nil, err
	}
	key, err := os.ReadFile(filepath.Join(dir, "keys", "assay.key"))
	if err != nil {
		return nil, err
	}
	if found.signer, err = evidence.NewSigner(key); err != nil {
		return nil, err
	}
	synced := filepath.Join(dir, "synced", "env", "development", deliveredModel)
	if text, err = os.ReadFile(filepath.Join(synced, "release.yaml")); err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalStrict(text, &found.Release); err != nil {
		return nil, err
	}
	if found.Pod, err = podIn(filepath.Join(synced, "workload.yaml")); err != nil {
		return nil, err
	}
	return found, found.open(ctx)
}

func (d *Delivered) open(ctx context.Context) error {
	spec := d.Release.Spec
	var envelopes []evidence.Envelope
	for _, envelope := range spec.Envelopes {
		envelopes = append(envelopes, evidence.Envelope(envelope))
	}
	opened := evidence.Open(ctx, d.Configuration.Trust, evidence.Subject{Name: spec.Model, Digest: evidence.Digest(spec.Digest)}, envelopes)
	d.Statements = opened.Statements
	if len(opened.Problems) > 0 || len(opened.Statements) == 0 {
		return fmt.Errorf("the delivered release has %d statements, and problems: %v", len(opened.Statements), opened.Problems)
	}
	return nil
}

// podIn is the pod that the file's Deployment makes.
func podIn(file string) (corev1.Pod, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return corev1.Pod{}, err
	}
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var object appsv1.Deployment
		err := decoder.Decode(&object)
		switch {
		case errors.Is(err, io.EOF):
			return corev1.Pod{}, fmt.Errorf("%s holds no Deployment", file)
		case err != nil:
			return corev1.Pod{}, err
		case object.Kind == "Deployment":
			pod := corev1.Pod{ObjectMeta: object.Spec.Template.ObjectMeta, Spec: object.Spec.Template.Spec}
			pod.APIVersion, pod.Kind = "v1", "Pod"
			pod.Namespace, pod.Name = object.Namespace, object.Name
			return pod, nil
		}
	}
}
