package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// selfSigned serves a certificate that all replicas share through a Secret,
// and tells the API server to trust it. It is for clusters without
// cert-manager.
type selfSigned struct {
	client        client.Client // reads from the API server, not from a cache
	secret        client.ObjectKey
	configuration string // name of the ValidatingWebhookConfiguration
	hosts         []string
	clock         func() time.Time
	current       atomic.Pointer[tls.Certificate]
}

const (
	authorityKey = "ca.crt"
	// selfSignedEvery is short because whoever replaces the configuration also
	// drops its caBundle, and until that is mended every door stays shut.
	selfSignedEvery = time.Minute
)

// GetCertificate is what crypto/tls asks for each connection.
func (s *selfSigned) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if certificate := s.current.Load(); certificate != nil {
		return certificate, nil
	}
	return nil, errors.New("there is no certificate yet")
}

// Start renews the certificate, follows when another replica has, and mends
// the caBundle.
func (s *selfSigned) Start(ctx context.Context) error {
	ticker := time.NewTicker(selfSignedEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.ensure(ctx); err != nil {
				log.FromContext(ctx).Error(err, "keeping the certificate as it is")
			}
		}
	}
}

// ensure takes the shared certificate, or makes one, and publishes its
// authority. When two replicas make one at once, the API server lets one of
// them win and the other takes that.
func (s *selfSigned) ensure(ctx context.Context) error {
	return retry.OnError(retry.DefaultRetry, lostRace, func() error {
		shared, err := s.share(ctx)
		if err != nil {
			return fmt.Errorf("sharing a certificate as secret %s: %w", s.secret, err)
		}
		certificate, err := shared.parse(s.hosts, s.clock())
		if err != nil {
			return fmt.Errorf("reading secret %s: %w", s.secret, err)
		}
		if err := s.publish(ctx, shared.authority); err != nil {
			return fmt.Errorf("writing the caBundle of %s: %w", s.configuration, err)
		}
		s.current.Store(certificate)
		return nil
	})
}

func lostRace(err error) bool { return apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err) }

// share reads the Secret; when it is absent or does not serve any more, it
// writes a new one. The previous authority stays in the bundle, because other
// replicas go on serving its certificate until they look again.
func (s *selfSigned) share(ctx context.Context) (issued, error) {
	var secret corev1.Secret
	err := s.client.Get(ctx, s.secret, &secret)
	absent := apierrors.IsNotFound(err)
	if err != nil && !absent {
		return issued{}, err
	}
	known := issued{secret.Data[corev1.TLSCertKey], secret.Data[corev1.TLSPrivateKeyKey], secret.Data[authorityKey]}
	if _, err := known.parse(s.hosts, s.clock()); err == nil {
		return known, nil
	}
	fresh, err := issue(s.hosts, s.clock())
	if err != nil {
		return issued{}, err
	}
	if previous, _ := pem.Decode(known.authority); previous != nil {
		fresh.authority = append(fresh.authority, pem.EncodeToMemory(previous)...)
	}
	secret.Data = map[string][]byte{
		corev1.TLSCertKey: fresh.certificate, corev1.TLSPrivateKeyKey: fresh.key, authorityKey: fresh.authority,
	}
	if absent {
		secret.ObjectMeta = metav1.ObjectMeta{Namespace: s.secret.Namespace, Name: s.secret.Name}
		secret.Type = corev1.SecretTypeTLS
		return fresh, s.client.Create(ctx, &secret)
	}
	return fresh, s.client.Update(ctx, &secret)
}

// publish writes the authority into every webhook of the configuration.
func (s *selfSigned) publish(ctx context.Context, authority []byte) error {
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	if err := s.client.Get(ctx, client.ObjectKey{Name: s.configuration}, &configuration); err != nil {
		return err
	}
	changed := false
	for i := range configuration.Webhooks {
		bundle := &configuration.Webhooks[i].ClientConfig.CABundle
		if !bytes.Equal(*bundle, authority) {
			*bundle, changed = authority, true
		}
	}
	if !changed {
		return nil
	}
	return s.client.Update(ctx, &configuration)
}
