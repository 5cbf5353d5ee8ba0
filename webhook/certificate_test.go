package webhook

import (
	"crypto/tls"
	"net/http/httptest"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

var hosts = []string{"assay-webhook.assay-system.svc", "127.0.0.1"}

// replicas are doors of one cluster, whose API server is in memory.
func replicas(t *testing.T, clock func() time.Time) (cluster client.Client, one, two *selfSigned) {
	t.Helper()
	address := "https://127.0.0.1:9443/admit"
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "assay-admission"},
		Webhooks: []admissionregistrationv1.ValidatingWebhook{
			{Name: "a.assay.dev", ClientConfig: admissionregistrationv1.WebhookClientConfig{
				Service: &admissionregistrationv1.ServiceReference{Namespace: "assay-system", Name: "assay-webhook"}}},
			{Name: "b.assay.dev", ClientConfig: admissionregistrationv1.WebhookClientConfig{URL: &address}},
		},
	}
	scheme, err := newScheme()
	if err != nil {
		t.Fatal(err)
	}
	cluster = fake.NewClientBuilder().WithScheme(scheme).WithObjects(configuration).Build()
	replica := func() *selfSigned {
		return &selfSigned{client: cluster, secret: client.ObjectKey{Namespace: "assay-system", Name: "assay-webhook-tls"},
			configuration: "assay-admission", hosts: hosts, clock: clock}
	}
	return cluster, replica(), replica()
}

func trusted(t *testing.T, cluster client.Client, replica *selfSigned) error {
	t.Helper()
	return isTrusted(cluster, "assay-admission", replica.GetCertificate, replica.clock)(httptest.NewRequest("GET", "/readyz", nil))
}

func TestReplicasShareOneCertificate(t *testing.T) {
	cluster, one, two := replicas(t, func() time.Time { return noon })
	if err := trusted(t, cluster, one); err == nil {
		t.Error("ready without a certificate")
	}
	for _, replica := range []*selfSigned{one, two, one} {
		if err := replica.ensure(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !one.current.Load().Leaf.Equal(two.current.Load().Leaf) {
		t.Error("they serve different certificates")
	}
	for _, replica := range []*selfSigned{one, two} {
		if err := trusted(t, cluster, replica); err != nil {
			t.Error(err)
		}
	}
}

func TestARenewedCertificateLeavesTheOtherReplicaTrusted(t *testing.T) {
	now := noon
	cluster, one, two := replicas(t, func() time.Time { return now })
	for _, replica := range []*selfSigned{one, two} {
		if err := replica.ensure(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	old := one.current.Load().Leaf
	now = noon.Add(certificateLife - renewBefore + time.Hour)
	if err := one.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if one.current.Load().Leaf.Equal(old) {
		t.Fatal("it was not renewed")
	}
	if err := trusted(t, cluster, two); err != nil {
		t.Error("the replica that has not looked again:", err)
	}
	if err := two.ensure(t.Context()); err != nil || !two.current.Load().Leaf.Equal(one.current.Load().Leaf) {
		t.Error("it does not follow:", err)
	}
}

func TestASecretThatServesNothingIsReplaced(t *testing.T) {
	cluster, one, _ := replicas(t, func() time.Time { return noon })
	other, err := issue([]string{"elsewhere.example.org"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	broken := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "assay-system", Name: "assay-webhook-tls"},
		Data: map[string][]byte{"tls.crt": other.certificate, "tls.key": other.key, "ca.crt": other.authority}}
	if err := cluster.Create(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	if err := one.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := trusted(t, cluster, one); err != nil {
		t.Error(err)
	}
}

func TestACertificateOfAnotherAuthorityIsNotReady(t *testing.T) {
	cluster, one, _ := replicas(t, func() time.Time { return noon })
	if err := one.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	stranger, err := issue(hosts, noon)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(stranger.certificate, stranger.key)
	if err != nil {
		t.Fatal(err)
	}
	one.current.Store(&pair)
	if err := trusted(t, cluster, one); err == nil {
		t.Error("ready, although the API server would hang up")
	}
}

func TestAConfigurationThatCannotBeReadStopsNobody(t *testing.T) {
	cluster, one, _ := replicas(t, func() time.Time { return noon })
	check := isTrusted(cluster, "not-installed", one.GetCertificate, one.clock)
	if err := check(httptest.NewRequest("GET", "/readyz", nil)); err != nil {
		t.Error(err)
	}
}
