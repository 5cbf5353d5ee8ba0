package webhook

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// isOpened is ready when every Release has been opened.
func isOpened(opened func() bool) healthz.Checker {
	return func(*http.Request) error {
		if !opened() {
			return errors.New("releases are still being opened")
		}
		return nil
	}
}

// isTrusted is ready when the API server would accept the certificate that is
// served: a replica with another certificate would answer nothing, and with
// failurePolicy Fail that is an outage. A configuration that cannot be read
// (it is not installed yet, or no role allows it) says nothing, and stops
// nobody.
func isTrusted(reader client.Reader, name string, serving func(*tls.ClientHelloInfo) (*tls.Certificate, error), clock func() time.Time) healthz.Checker {
	return func(request *http.Request) error {
		certificate, err := serving(nil)
		if err != nil {
			return err
		}
		var configuration admissionregistrationv1.ValidatingWebhookConfiguration
		if err := reader.Get(request.Context(), client.ObjectKey{Name: name}, &configuration); err != nil {
			return nil
		}
		for _, webhook := range configuration.Webhooks {
			host, err := host(webhook.ClientConfig)
			if err != nil {
				return fmt.Errorf("%s: %w", webhook.Name, err)
			}
			if err := verify(certificate.Leaf, webhook.ClientConfig.CABundle, host, clock()); err != nil {
				return fmt.Errorf("%s: %w", webhook.Name, err)
			}
		}
		return nil
	}
}

// host is the name for which the API server expects a certificate.
func host(config admissionregistrationv1.WebhookClientConfig) (string, error) {
	switch {
	case config.Service != nil:
		return config.Service.Name + "." + config.Service.Namespace + ".svc", nil
	case config.URL != nil:
		address, err := url.Parse(*config.URL)
		if err != nil {
			return "", err
		}
		return address.Hostname(), nil
	}
	return "", errors.New("it has neither a service nor a url")
}

// replica is a name for this process that no other of the cluster has.
func (o Options) replica() string {
	host, _ := os.Hostname() // two without a name differ by their ports, or wait for each other for an hour
	return fmt.Sprintf("%s:%d", host, o.Port)
}

// exposeExpiry tells until when the served certificate lasts.
func exposeExpiry(registry prometheus.Registerer, serving func(*tls.ClientHelloInfo) (*tls.Certificate, error)) error {
	return registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "assay_certificate_not_after_seconds", Help: "When the served certificate ends, in seconds since 1970; 0 while there is none.",
	}, func() float64 {
		certificate, err := serving(nil)
		if err != nil || certificate.Leaf == nil {
			return 0
		}
		return float64(certificate.Leaf.NotAfter.Unix())
	}))
}
