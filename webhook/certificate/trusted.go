package certificate

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// Trusted is ready when the API server would accept the certificate that is
// served: a replica with another certificate would answer nothing, and with
// failurePolicy Fail that is an outage. A configuration that cannot be read
// (it is not installed yet, or no role allows it) says nothing, and stops
// nobody.
func Trusted(reader client.Reader, name string, served Source, clock func() time.Time) healthz.Checker {
	return func(request *http.Request) error {
		certificate, err := served.GetCertificate(nil)
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

// verify holds a certificate against the authorities that an API server
// would trust; none means those of the system.
func verify(leaf *x509.Certificate, authorities []byte, host string, now time.Time) error {
	options := x509.VerifyOptions{DNSName: host, CurrentTime: now}
	if len(authorities) > 0 {
		options.Roots = x509.NewCertPool()
		if !options.Roots.AppendCertsFromPEM(authorities) {
			return errors.New("the caBundle holds no certificate")
		}
	}
	if _, err := leaf.Verify(options); err != nil {
		return fmt.Errorf("the served certificate does not verify for %s: %w", host, err)
	}
	return nil
}
