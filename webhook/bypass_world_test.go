package webhook

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Two namespaces beside those of other tests.
const (
	ward       = "ward" // of environment production
	unenrolled = "unenrolled"
)

// usualReleases is what stories without a part of their own are told in: one
// model was promoted to staging.
const usualReleases = "breast-malignancy staging $RELEASED $SCANNED"

// guarded is a door with the Admission file and the releases of a story, in a
// cluster whose namespaces tell their environment by a label.
func guarded(t *testing.T, story *txtar.Archive) Handler {
	t.Helper()
	signer := newMeasurer(t)
	memory := NewMemory()
	configuration := admissionWith(t, part(story, "admission.yaml", ""), signer)
	memory.Trust(signer.trust)
	for line := range strings.Lines(symbols.Replace(part(story, "releases", usualReleases))) {
		fields := strings.Fields(line)
		subject := evidence.Subject{Name: fields[0], Digest: evidence.Digest(fields[2])}
		memory.Remember(signer.release(t, fields[0]+"."+fields[1], subject, fields[1], fields[3]))
	}
	var namespaces []corev1.Namespace
	for name, labels := range map[string]map[string]string{
		clinic: {EnvironmentLabel: staging}, ward: {EnvironmentLabel: "production"}, strange: {EnvironmentLabel: "moon"}, unenrolled: nil,
	} {
		namespaces = append(namespaces, corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})
	}
	cluster := fake.NewClientBuilder().WithLists(&corev1.NamespaceList{Items: namespaces}).Build()
	door := newHandler(t, realJudge(t), memory)
	door.Settings = func() Configuration { return configuration }
	door.Environments = EnvironmentsOf(cluster, cluster)
	door.Owners = held(t, story)
	return door
}

// owners is what an API server holds, by resource.
type owners map[string][]byte

func (o owners) Get(_ context.Context, of metav1.GroupVersionResource, _, name string) ([]byte, error) {
	asked := schema.GroupResource{Group: of.Group, Resource: of.Resource}.String()
	if object, is := o[asked]; is {
		return object, nil
	}
	return nil, fmt.Errorf("there is no %s %s", asked, name)
}

func held(t *testing.T, story *txtar.Archive) owners {
	t.Helper()
	found := owners{}
	for _, file := range story.Files {
		if name, is := strings.CutPrefix(file.Name, "owner/"); is {
			object, err := yaml.YAMLToJSON([]byte(symbols.Replace(string(file.Data))))
			if err != nil {
				t.Fatal(err)
			}
			found[strings.TrimSuffix(name, ".yaml")] = object
		}
	}
	return found
}

// admissionWith reads an Admission file as the door does.
func admissionWith(t *testing.T, more string, signer measurer) Configuration {
	t.Helper()
	spec := map[string]any{
		"modelRepositories": []any{modelRepository},
		"environments":      []any{map[string]any{"name": staging, "profile": staging}, map[string]any{"name": "production", "profile": "production"}},
		"signers":           []any{map[string]any{"name": "measurer", "predicates": signer.trust[0].Predicates, "publicKey": publicPEM(t, signer)}},
	}
	if err := yaml.Unmarshal([]byte(more), &spec); err != nil {
		t.Fatal(err)
	}
	text, err := yaml.Marshal(map[string]any{"apiVersion": "assay.dev/v1alpha1", "kind": "Admission", "metadata": map[string]any{"name": "bypass"}, "spec": spec})
	if err != nil {
		t.Fatal(err)
	}
	configuration, err := ParseConfiguration(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return configuration
}

func publicPEM(t *testing.T, signer measurer) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(signer.trust[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// part is one file of a story, or what stands for it where there is none.
func part(story *txtar.Archive, name, otherwise string) string {
	for _, file := range story.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	return otherwise
}
