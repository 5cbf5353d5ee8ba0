package certificate

import (
	"crypto/tls"
	"fmt"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

// Source is where TLS gets its certificate; Start keeps it fresh.
type Source interface {
	manager.Runnable
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
}

// InFolder is what somebody else puts into a folder as tls.crt and tls.key, for
// instance cert-manager. It is read again when it changes.
func InFolder(folder string) (Source, error) {
	watcher, err := certwatcher.New(filepath.Join(folder, corev1.TLSCertKey), filepath.Join(folder, corev1.TLSPrivateKeyKey))
	if err != nil {
		return nil, fmt.Errorf("reading the serving certificate: %w", err)
	}
	return watcher, nil
}

// ExposeExpiry tells until when the served certificate lasts.
func ExposeExpiry(registry prometheus.Registerer, served Source) error {
	return registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "assay_certificate_not_after_seconds", Help: "When the served certificate ends, in seconds since 1970; 0 while there is none.",
	}, func() float64 {
		certificate, err := served.GetCertificate(nil)
		if err != nil || certificate.Leaf == nil {
			return 0
		}
		return float64(certificate.Leaf.NotAfter.Unix())
	}))
}
