package render

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
)

const syncWave = "argocd.argoproj.io/sync-wave"

// shared remembers for everybody: what is rendered depends on nothing but the
// release.
var shared Cache

// Workload gives the files without the Release object: what can be looked at
// before there is evidence.
func Workload(ctx context.Context, release Release) (map[string][]byte, error) {
	return shared.Workload(ctx, release)
}

// Render gives the files of the release by their path on the environment
// branch.
func Render(ctx context.Context, release Release) (map[string][]byte, error) {
	return shared.Render(ctx, release)
}

// Workload is [Workload] with a memory of its own.
func (c *Cache) Workload(ctx context.Context, release Release) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	files, err := c.workload(release)
	if err != nil {
		return nil, fmt.Errorf("rendering %s for %s: %w", release.Model, release.Environment, err)
	}
	return files, nil
}

// Render is [Render] with a memory of its own.
func (c *Cache) Render(ctx context.Context, release Release) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	files, err := c.render(release)
	if err != nil {
		return nil, fmt.Errorf("rendering %s for %s: %w", release.Model, release.Environment, err)
	}
	return files, nil
}

func (c *Cache) render(release Release) (map[string][]byte, error) {
	if err := release.validateEnvelopes(); err != nil {
		return nil, err
	}
	files, err := c.workload(release)
	if err != nil {
		return nil, err
	}
	files[release.Model+"/release.yaml"], err = yaml.Marshal(evidenceOf(release))
	return files, err
}

func (c *Cache) workload(release Release) (map[string][]byte, error) {
	if err := release.validate(); err != nil {
		return nil, err
	}
	namespace, err := yaml.Marshal(namespaceOf(release))
	if err != nil {
		return nil, err
	}
	objects, err := c.build(release)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"namespace.yaml":                 namespace,
		release.Model + "/workload.yaml": objects,
	}, nil
}

// namespaceOf is the same for every model of an environment. Its label is how
// the webhook knows which environment's rules hold in it.
func namespaceOf(release Release) namespace {
	restricted := "restricted"
	return namespace{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{
			Name:        release.Namespace,
			Annotations: map[string]string{syncWave: "-2"},
			Labels: map[string]string{
				"assay.dev/environment":              release.Environment,
				"pod-security.kubernetes.io/enforce": restricted,
				"pod-security.kubernetes.io/audit":   restricted,
				"pod-security.kubernetes.io/warn":    restricted,
			},
		},
	}
}

// namespace is a Namespace without the empty spec and status that the typed
// object would write.
type namespace struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              *corev1.NamespaceSpec `json:"spec,omitempty"`
}

// evidenceOf is the Release object: the model by digest, and what was signed
// about it, in an order that does not depend on who signed first.
func evidenceOf(release Release) kube.Release {
	object := kube.Release{
		TypeMeta: metav1.TypeMeta{APIVersion: kube.GroupVersion.String(), Kind: "Release"},
		ObjectMeta: metav1.ObjectMeta{
			Name:        release.name(),
			Annotations: map[string]string{syncWave: "-1"},
			Labels:      map[string]string{"assay.dev/model": release.Model, "assay.dev/environment": release.Environment},
		},
		Spec: kube.ReleaseSpec{Model: release.Model, Environment: release.Environment, Digest: string(release.digest())},
	}
	envelopes := slices.Clone(release.Envelopes)
	slices.SortFunc(envelopes, func(a, b evidence.Envelope) int { return bytes.Compare(a, b) })
	for _, signed := range envelopes {
		object.Spec.Envelopes = append(object.Spec.Envelopes, string(signed))
	}
	return object
}
