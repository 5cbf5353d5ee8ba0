package certificate

import (
	"crypto/tls"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

var hosts = []string{"assay-webhook.assay-system.svc", "127.0.0.1"}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const configured, sharedAs = "assay-admission", "assay-webhook-tls"

// fleet is the replicas of a door, in a cluster whose API server is in memory.
type fleet struct {
	t       *testing.T
	cluster client.Client
	now     time.Time
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	address := "https://127.0.0.1:9443/admit"
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: configured},
		Webhooks: []admissionregistrationv1.ValidatingWebhook{
			{Name: "a.assay.dev", ClientConfig: admissionregistrationv1.WebhookClientConfig{
				Service: &admissionregistrationv1.ServiceReference{Namespace: "assay-system", Name: "assay-webhook"}}},
			{Name: "b.assay.dev", ClientConfig: admissionregistrationv1.WebhookClientConfig{URL: &address}},
		},
	}
	return &fleet{t, fake.NewClientBuilder().WithObjects(configuration).Build(), noon}
}

func (f *fleet) clock() time.Time { return f.now }

// replica is one door, whose clock is wrong by that much.
func (f *fleet) replica(name string, wrong time.Duration) *selfSigned {
	return &selfSigned{
		client: f.cluster, secret: client.ObjectKey{Namespace: "assay-system", Name: sharedAs}, configuration: configured,
		clock:    func() time.Time { return f.now.Add(wrong) },
		rotation: rotation{replica: name, hosts: hosts, overlap: overlap},
	}
}

// trusted is nil if the API server, whose clock is right, would talk to it.
func (f *fleet) trusted(replica *selfSigned) error {
	return Trusted(f.cluster, configured, replica, f.clock)(httptest.NewRequest("GET", "/readyz", nil))
}

// look lets replicas look once, in turn.
func (f *fleet) look(replicas ...*selfSigned) {
	f.t.Helper()
	for _, replica := range replicas {
		if err := replica.ensure(f.t.Context()); err != nil {
			f.t.Fatal(err)
		}
	}
}

// pass lets time pass for replicas that look, and demands that the API server
// could talk to each of them all the while.
func (f *fleet) pass(long time.Duration, replicas ...*selfSigned) {
	f.t.Helper()
	stride := selfSignedEvery
	if long >= lapse {
		stride = time.Minute // they look less often, and nothing else is different
	}
	for end := f.now.Add(long); f.now.Before(end); f.now = f.now.Add(stride) {
		for _, replica := range replicas {
			f.look(replica)
			for _, each := range replicas {
				if err := f.trusted(each); err != nil {
					f.t.Fatalf("%v later, %s is not trusted: %v", f.now.Sub(noon), each.rotation.replica, err)
				}
			}
		}
	}
}

// authorities are how many the API server is told of.
func (f *fleet) authorities() int {
	f.t.Helper()
	return len(authorities(f.told().Webhooks[0].ClientConfig.CABundle))
}

func (f *fleet) told() *admissionregistrationv1.ValidatingWebhookConfiguration {
	f.t.Helper()
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	if err := f.cluster.Get(f.t.Context(), client.ObjectKey{Name: configured}, &configuration); err != nil {
		f.t.Fatal(err)
	}
	return &configuration
}

func serves(replica *selfSigned) string { return fingerprint(replica.rotation.held.certificate) }

func TestReplicasShareOneCertificate(t *testing.T) {
	fleet := newFleet(t)
	one, two := fleet.replica("one", 0), fleet.replica("two", 0)
	if err := fleet.trusted(one); err == nil {
		t.Error("ready without a certificate")
	}
	fleet.look(one, two, one)
	if serves(one) != serves(two) {
		t.Error("they serve different certificates")
	}
	fleet.pass(10*time.Minute, one, two)
	if fleet.authorities() != 1 {
		t.Errorf("%d authorities", fleet.authorities())
	}
}

func TestACertificateOfAnotherAuthorityIsNotReady(t *testing.T) {
	fleet := newFleet(t)
	one := fleet.replica("one", 0)
	fleet.look(one)
	stranger, err := issue(hosts, noon)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(stranger.certificate, stranger.key)
	if err != nil {
		t.Fatal(err)
	}
	one.current.Store(&pair)
	if err := fleet.trusted(one); err == nil {
		t.Error("ready, although the API server would hang up")
	}
}

func TestAConfigurationThatCannotBeReadStopsNobody(t *testing.T) {
	fleet := newFleet(t)
	one := fleet.replica("one", 0)
	check := Trusted(fleet.cluster, "not-installed", one, fleet.clock)
	if err := check(httptest.NewRequest("GET", "/readyz", nil)); err == nil {
		t.Error("ready without a certificate")
	}
	fleet.look(one)
	if err := check(httptest.NewRequest("GET", "/readyz", nil)); err != nil {
		t.Error(err)
	}
}

func TestTheEndOfTheCertificateIsExposed(t *testing.T) {
	fleet := newFleet(t)
	one := fleet.replica("one", 0)
	registry := prometheus.NewRegistry()
	if err := ExposeExpiry(registry, one); err != nil {
		t.Fatal(err)
	}
	value := func() float64 {
		t.Helper()
		families, err := registry.Gather()
		if err != nil || len(families) != 1 {
			t.Fatalf("%v, %v", families, err)
		}
		return families[0].GetMetric()[0].GetGauge().GetValue()
	}
	if value() != 0 {
		t.Errorf("without a certificate it is %v", value())
	}
	fleet.look(one)
	if want := float64(noon.Add(certificateLife).Unix()); value() != want {
		t.Errorf("it is %v, want %v", value(), want)
	}
}
