package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

const (
	enrolled    = "models-staging" // a namespace of environment staging
	models      = "registry.example.org/assay/models"
	serverImage = "registry.example.org/serving/server@sha256:1111111111111111111111111111111111111111111111111111111111111111"
)

// stand is a cluster with two doors behind one address.
type stand struct {
	*harness.World
	t         *testing.T
	admission string
	balancer  *harness.Balancer
	doors     []*harness.Door
	running   []*harness.Door // what is to be ended with the test
}

// newStand has the system that ships, a namespace that is enrolled, and as many
// doors.
func newStand(t *testing.T, doors int) *stand {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	world, err := harness.Start(t.Context(), t.TempDir(), bin)
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{World: world, t: t, admission: filepath.Join(world.Dir, "admission.yaml")}
	t.Cleanup(func() {
		for _, door := range s.running {
			_ = door.Kill()
		}
		if err := world.Stop(); err != nil {
			t.Error(err)
		}
	})
	if s.balancer, err = harness.Balance(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.admit()
	if err := world.ApplySystem(t.Context(), s.balancer.Address); err != nil {
		t.Fatal(err)
	}
	s.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: enrolled, Labels: map[string]string{"assay.dev/environment": "staging"}}})
	for range doors {
		s.doors = append(s.doors, s.start())
	}
	s.balancer.Send(s.doors...)
	s.waitFor("the doors are known", 20*time.Second, func() bool { return len(s.balancer.Ready()) == doors })
	return s
}

// admit writes an Admission file that trusts a key of which nobody has the other
// half.
func (s *stand) admit() {
	s.t.Helper()
	_, public, err := evidence.GenerateKey()
	if err != nil {
		s.t.Fatal(err)
	}
	text := fmt.Sprintf(`apiVersion: assay.dev/v1alpha1
kind: Admission
metadata: {name: stand}
spec:
  modelRepositories: [%s]
  environments: [{name: staging, profile: staging}]
  signers:
  - name: reconciler
    predicates: [%s]
    publicKey: |
      %s
`, models, strings.Join(evidence.ReconcilerTypes(), ", "), strings.ReplaceAll(strings.TrimSpace(string(public)), "\n", "\n      "))
	if err := os.WriteFile(s.admission, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// start starts a door that takes two seconds to leave.
func (s *stand) start() *harness.Door {
	s.t.Helper()
	door, err := s.StartDoor(s.t.Context(), fmt.Sprintf("door-%d", time.Now().UnixNano()), s.admission, "--drain", "2s")
	if err != nil {
		s.t.Fatal(err)
	}
	s.running = append(s.running, door)
	return door
}

func (s *stand) create(object client.Object, options ...client.CreateOption) {
	s.t.Helper()
	if err := s.Client.Create(s.t.Context(), object, options...); err != nil {
		s.t.Fatal(err)
	}
}

// plain is a pod without a model.
func plain(namespace string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, GenerateName: "plain-"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "server", Image: serverImage}}},
	}
}

// mounting is a pod that mounts a model.
func mounting(namespace, reference string) *corev1.Pod {
	pod := plain(namespace)
	pod.Spec.Volumes = []corev1.Volume{{Name: "model", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: reference}}}}
	return pod
}

// under sends reviews all the while: each worker rehearses pods, one after the
// other. None of them may be refused.
func (s *stand) under(what string, change func()) {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	var sent, refused atomic.Int64
	var first atomic.Value
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for ctx.Err() == nil {
				err := s.Client.Create(context.WithoutCancel(ctx), plain(enrolled), client.DryRunAll)
				sent.Add(1)
				if err != nil {
					refused.Add(1)
					first.CompareAndSwap(nil, err.Error())
				}
			}
		})
	}
	began := time.Now()
	change()
	stop()
	workers.Wait()
	s.t.Logf("%s: %d reviews in %v", what, sent.Load(), time.Since(began).Round(time.Second))
	if refused.Load() > 0 || sent.Load() < 50 {
		s.t.Errorf("%s: of %d reviews %d were refused: %v", what, sent.Load(), refused.Load(), first.Load())
	}
}

// The doors are restarted one after the other, and their certificate is
// exchanged, while pods are made: not one is refused. Then there is no door, and
// the cluster can heal itself.
func TestTheDoorsStayUp(t *testing.T) {
	t.Parallel()
	s := newStand(t, 2)
	s.under("two restarts", func() {
		for i := range s.doors {
			next := s.start()
			s.balancer.Send(append(s.doors, next)...)
			s.waitFor("the new door is ready", 20*time.Second, func() bool { return len(s.balancer.Ready()) == 3 })
			s.running = slices.DeleteFunc(s.running, func(door *harness.Door) bool { return door == s.doors[i] })
			if err := s.doors[i].Stop(); err != nil {
				t.Error(err)
			}
			s.doors[i] = next
			s.balancer.Send(s.doors...)
		}
	})
	before := s.serves(s.doors[0])
	s.under("an exchange of certificates", func() {
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "assay-system", Name: "assay-webhook-tls"}}
		if err := s.Client.Delete(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		s.waitFor("both serve another certificate", 2*time.Minute, func() bool {
			one, two := s.serves(s.doors[0]), s.serves(s.doors[1])
			return one.Equal(two) && !one.Equal(before)
		})
	})
	s.mended()
	s.heals()
	s.enrols()
}

// mended replaces the caBundle, as whoever applies the configuration anew does.
func (s *stand) mended() {
	s.t.Helper()
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	key := client.ObjectKey{Name: "assay-admission"}
	if err := s.Client.Get(s.t.Context(), key, &configuration); err != nil {
		s.t.Fatal(err)
	}
	configuration.Webhooks[0].ClientConfig.CABundle = nil
	if err := s.Client.Update(s.t.Context(), &configuration); err != nil {
		s.t.Fatal(err)
	}
	began := time.Now()
	s.waitFor("the caBundle is mended", 20*time.Second, func() bool {
		return s.Client.Create(s.t.Context(), plain(enrolled), client.DryRunAll) == nil && len(s.balancer.Ready()) == 2
	})
	s.t.Logf("the caBundle was mended after %v", time.Since(began).Round(100*time.Millisecond))
}

// heals takes every door away: nothing comes into an enrolled namespace, and
// whatever brings the doors back does.
func (s *stand) heals() {
	s.t.Helper()
	for _, door := range s.doors {
		if err := door.Kill(); err != nil {
			s.t.Error(err)
		}
	}
	for _, namespace := range []string{"kube-system", "assay-system"} {
		var object corev1.Namespace
		if err := s.Client.Get(s.t.Context(), client.ObjectKey{Name: namespace}, &object); err != nil {
			s.t.Fatal(err)
		}
		object.Labels["assay.dev/environment"] = "staging" // somebody's mistake, or worse
		if err := s.Client.Update(s.t.Context(), &object); err != nil {
			s.t.Fatal(err)
		}
	}
	s.waitFor("an enrolled namespace is shut", 20*time.Second, func() bool {
		err := s.Client.Create(s.t.Context(), plain(enrolled), client.DryRunAll)
		return apierrors.IsInternalError(err) && strings.Contains(err.Error(), "failed calling webhook")
	})
	door := plain("assay-system")
	door.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{
		AllowPrivilegeEscalation: new(bool), RunAsNonRoot: boolean(true), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
	}
	s.create(door)
	s.create(plain("kube-system"))
}

func boolean(value bool) *bool { return &value }

// enrols lets somebody who may do everything with namespaces, and nothing else,
// try to take one out of its environment.
func (s *stand) enrols() {
	s.t.Helper()
	admin := s.namespaceAdmin("emil")
	namespace := func() *corev1.Namespace {
		var object corev1.Namespace
		if err := s.Client.Get(s.t.Context(), client.ObjectKey{Name: enrolled}, &object); err != nil {
			s.t.Fatal(err)
		}
		return &object
	}
	ways := map[string]func(*corev1.Namespace) error{
		"an update": func(object *corev1.Namespace) error { return admin.Update(s.t.Context(), object) },
		"its status": func(object *corev1.Namespace) error {
			return admin.Status().Update(s.t.Context(), object)
		},
		"its finalizers": func(object *corev1.Namespace) error {
			return admin.SubResource("finalize").Update(s.t.Context(), object)
		},
	}
	for name, way := range ways {
		for what, label := range map[string]string{"off": "", "elsewhere": "development"} {
			object := namespace()
			delete(object.Labels, "assay.dev/environment")
			if label != "" {
				object.Labels["assay.dev/environment"] = label
			}
			err := way(object)
			if now := namespace().Labels["assay.dev/environment"]; now != "staging" || !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "assay-enroller") {
				s.t.Errorf("by %s the label was taken %s: it is %q now, %v", name, what, now, err)
			}
		}
	}
	object := namespace()
	object.Annotations = map[string]string{"owner": "emil"}
	if err := admin.Update(s.t.Context(), object); err != nil {
		s.t.Errorf("whatever else is theirs: %v", err)
	}
	other := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "emils", Labels: map[string]string{"assay.dev/environment": "staging"}}}
	if err := admin.Create(s.t.Context(), other); err != nil {
		s.t.Errorf("anybody may enrol a namespace of their own: %v", err)
	}
	object = namespace()
	delete(object.Labels, "assay.dev/environment")
	if err := s.Client.Update(s.t.Context(), object); err != nil {
		s.t.Errorf("who may enrol may also take it off: %v", err)
	}
}

// namespaceAdmin may do everything with namespaces.
func (s *stand) namespaceAdmin(name string) client.Client {
	s.t.Helper()
	s.create(&rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"namespaces", "namespaces/status", "namespaces/finalize"}, Verbs: []string{"*"}},
	}})
	s.create(&rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: name},
		RoleRef:  rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: name},
		Subjects: []rbacv1.Subject{{APIGroup: "rbac.authorization.k8s.io", Kind: "User", Name: name}},
	})
	config, err := clientcmd.BuildConfigFromFlags("", s.Kubeconfig)
	if err != nil {
		s.t.Fatal(err)
	}
	config.Impersonate.UserName = name
	admin, err := client.New(config, client.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	return admin
}

// serves is the certificate that a door shows.
func (s *stand) serves(door *harness.Door) *x509.Certificate {
	s.t.Helper()
	connection, err := tls.Dial("tcp", door.Address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		s.t.Fatal(err)
	}
	defer connection.Close()
	return connection.ConnectionState().PeerCertificates[0]
}

func (s *stand) waitFor(what string, long time.Duration, is func() bool) {
	s.t.Helper()
	for began := time.Now(); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > long {
			s.t.Fatalf("%s: not within %v", what, long)
		}
	}
}
