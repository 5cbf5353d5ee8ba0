package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/manifests"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

const subjectsAdmission = `apiVersion: assay.dev/v1alpha1
kind: Admission
metadata: {name: subjects}
spec:
  modelRepositories: [registry.example.org/assay/models]
  environments: [{name: development, profile: development}]
  signers:
  - name: nobody
    predicates: [https://slsa.dev/provenance/v1]
    publicKey: |
      %s
  volumes:
  - {kind: persistentVolumeClaim, name: reports, namespace: models-development}
`

// subjects is a world whose door has heard of no release, and whose workloads
// are older than it.
type subjects struct {
	*harness.World
	raw *rest.RESTClient
}

// TestSubjects asks what an API server and the door can only answer together:
// what comes in by a subresource, whose owner the door reads with the rights that
// manifests/system grants, and what an object holds that is no pod.
func TestSubjects(t *testing.T) {
	s := newSubjects(t)
	t.Run("scales", s.grow)
	t.Run("config maps", s.configure)
	t.Run("storage", s.store)
	t.Run("connections", s.connect)
}

func newSubjects(t *testing.T) subjects {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	world, err := harness.Start(t.Context(), t.TempDir(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Stop(); err != nil {
			t.Error(err)
		}
	})
	config, err := clientcmd.BuildConfigFromFlags("", world.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := rest.UnversionedRESTClientFor(withoutCodec(config))
	if err != nil {
		t.Fatal(err)
	}
	s := subjects{world, raw}
	s.make(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
	s.before(t)
	s.guard(t)
	return s
}

func (s subjects) make(t *testing.T, object client.Object) {
	t.Helper()
	if err := s.Client.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
}

func named(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"app": name}}
}

// reaching is a pod that mounts a model, if there is one.
func reaching(model string) corev1.PodSpec {
	spec := corev1.PodSpec{Containers: []corev1.Container{{Name: "serve", Image: "registry.example.org/serve:v1"}}}
	if model != "" {
		spec.Volumes = []corev1.Volume{{Name: "model", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: model}}}}
	}
	return spec
}

// scalable are the objects of the built-in kinds that have replicas, of pods like
// this one.
func scalable(name string, pod corev1.PodSpec) []client.Object {
	labels := map[string]string{"app": name}
	template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod}
	selector, one := &metav1.LabelSelector{MatchLabels: labels}, int32(1)
	return []client.Object{
		&appsv1.Deployment{ObjectMeta: named(name), Spec: appsv1.DeploymentSpec{Replicas: &one, Selector: selector, Template: template}},
		&appsv1.StatefulSet{ObjectMeta: named(name), Spec: appsv1.StatefulSetSpec{Replicas: &one, Selector: selector, Template: template}},
		&appsv1.ReplicaSet{ObjectMeta: named(name), Spec: appsv1.ReplicaSetSpec{Replicas: &one, Selector: selector, Template: template}},
		&corev1.ReplicationController{ObjectMeta: named(name), Spec: corev1.ReplicationControllerSpec{Replicas: &one, Selector: labels, Template: &template}},
	}
}

// before fills the namespace, while nobody is asked.
func (s subjects) before(t *testing.T) {
	t.Helper()
	for name, model := range map[string]string{"serving": unheardOf, "plain": ""} {
		for _, object := range scalable(name, reaching(model)) {
			s.make(t, object)
		}
		s.make(t, &corev1.Pod{ObjectMeta: named(name), Spec: reaching(model)})
	}
}

// guard installs the system, starts the door and enrols the namespace.
func (s subjects) guard(t *testing.T) {
	t.Helper()
	_, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	admission := filepath.Join(s.Dir, "admission.yaml")
	text := fmt.Sprintf(subjectsAdmission, strings.ReplaceAll(strings.TrimSpace(string(public)), "\n", "\n      "))
	if err := os.WriteFile(admission, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	address, err := harness.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ApplySystem(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	door, err := s.StartDoor(t.Context(), "door", admission, "--port", port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := door.Stop(); err != nil {
			t.Error(err)
		}
	})
	enrolled := []byte(`{"metadata":{"labels":{"assay.dev/environment":"development"}}}`)
	if err := s.Client.Patch(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, client.RawPatch(types.MergePatchType, enrolled)); err != nil {
		t.Fatal(err)
	}
	s.soon(t, "workload.released", func() error {
		return s.Client.Create(t.Context(), &corev1.Pod{ObjectMeta: named("probe"), Spec: reaching(unheardOf)}, client.DryRunAll)
	})
}

// soon waits until what is done is denied by a rule: an API server learns of a
// registration in its own time.
func (s subjects) soon(t *testing.T, rule string, do func() error) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := do()
		if apierrors.IsForbidden(err) && strings.Contains(err.Error(), rule+": ") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it must be denied by %s: %v", rule, err)
		}
	}
}

func (s subjects) grow(t *testing.T) {
	for _, name := range []string{"serving", "plain"} {
		for _, object := range scalable(name, corev1.PodSpec{}) {
			t.Run(fmt.Sprintf("%T/%s", object, name), func(t *testing.T) {
				scale := func(to int32) error {
					return s.Client.SubResource("scale").Update(t.Context(), object, client.WithSubResourceBody(&autoscalingv1.Scale{Spec: autoscalingv1.ScaleSpec{Replicas: to}}))
				}
				if name == "plain" {
					if err := scale(2); err != nil {
						t.Error(err)
					}
					return
				}
				denied(t, scale(2), "workload.released")
				if err := scale(0); err != nil {
					t.Errorf("it cannot be scaled down: %v", err)
				}
				denied(t, scale(1), "workload.released")
			})
		}
	}
}

func (s subjects) configure(t *testing.T) {
	authority := &corev1.ConfigMap{ObjectMeta: named("kube-root-ca.crt"), Data: map[string]string{"ca.crt": "-----BEGIN CERTIFICATE-----\nMIIDBTCCAe2gAwIBAgII\n-----END CERTIFICATE-----\n"}}
	s.make(t, authority)
	naming := &corev1.ConfigMap{ObjectMeta: named("settings"), BinaryData: map[string][]byte{"serve.env": []byte("MODEL=" + unheardOf)}}
	denied(t, s.Client.Create(t.Context(), naming), "workload.mounted")
	authority.Data["model"] = "s3://models/breast"
	denied(t, s.Client.Update(t.Context(), authority), "workload.mounted")
}

func (s subjects) store(t *testing.T) {
	claiming := func(name string) *corev1.Pod {
		pod := &corev1.Pod{ObjectMeta: named("claims-" + name), Spec: reaching("")}
		source := corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}
		pod.Spec.Volumes = []corev1.Volume{{Name: "innocent", VolumeSource: source}}
		return pod
	}
	denied(t, s.Client.Create(t.Context(), claiming("weights")), "workload.storage")
	s.make(t, claiming("reports"))
	template := &corev1.PodTemplate{ObjectMeta: named("template"), Template: corev1.PodTemplateSpec{Spec: reaching("registry.example.org/any:v1")}}
	denied(t, s.Client.Create(t.Context(), template), "workload.pinned")
}

// connect installs the component sealed. Without it nobody is asked, and a pod
// that runs on no node is what the API server complains of.
func (s subjects) connect(t *testing.T) {
	exec := func(pod, how string) error {
		path := "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/" + how + "?container=serve&stdout=true&command=sh"
		said, err := s.raw.Verb(http.MethodPost).RequestURI(path).DoRaw(t.Context())
		var told apierrors.StatusError
		if err == nil || json.Unmarshal(said, &told.ErrStatus) != nil {
			t.Fatalf("%s of %s: %v\n%s", how, pod, err, said)
		}
		return &told
	}
	const nowhere = "does not have a host assigned"
	if err := exec("serving", "exec"); !strings.Contains(err.Error(), nowhere) {
		t.Errorf("without the component: %v", err)
	}
	s.seal(t)
	s.soon(t, "workload.sealed", func() error { return exec("serving", "exec") })
	denied(t, exec("serving", "attach"), "workload.sealed")
	if err := exec("plain", "exec"); !strings.Contains(err.Error(), nowhere) {
		t.Errorf("a pod without a model: %v", err)
	}
}

// seal patches what runs as the component would have it.
func (s subjects) seal(t *testing.T) {
	t.Helper()
	content, err := manifests.System.ReadFile("system/components/sealed/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var component struct {
		Patches []struct {
			Target struct{ Kind, Name string }
			Patch  string
		}
	}
	if err := yaml.Unmarshal(content, &component); err != nil {
		t.Fatal(err)
	}
	groups := map[string]string{"ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1", "ClusterRole": "rbac.authorization.k8s.io/v1"}
	for _, patch := range component.Patches {
		operations, err := yaml.YAMLToJSON([]byte(patch.Patch))
		if err != nil {
			t.Fatal(err)
		}
		object := &unstructured.Unstructured{}
		object.SetAPIVersion(groups[patch.Target.Kind])
		object.SetKind(patch.Target.Kind)
		object.SetName(patch.Target.Name)
		if err := s.Client.Patch(t.Context(), object, client.RawPatch(types.JSONPatchType, operations)); err != nil {
			t.Fatal(err)
		}
	}
}
