package certificate

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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
// cert-manager. When what is served changes is told in rotation.go.
type selfSigned struct {
	client        client.Client // reads from the API server, not from a cache
	secret        client.ObjectKey
	configuration string // name of the ValidatingWebhookConfiguration
	clock         func() time.Time
	rotation      rotation
	current       atomic.Pointer[tls.Certificate]
}

// Keys of the Secret, beside those of every kubernetes.io/tls.
const (
	authorityKey       = "ca.crt"
	nextCertificateKey = "next.crt"
	nextPrivateKey     = "next.key"
	nextAuthorityKey   = "next-ca.crt"
	formerAuthorityKey = "former-ca.crt"
	servingKey         = "serving.json"
)

const (
	// selfSignedEvery is short because whoever replaces the configuration also
	// drops its caBundle, and until that is mended every door stays shut.
	selfSignedEvery = 5 * time.Second
	// goodbye is how long a replica that starts or ends tries to say so.
	goodbye = 2 * time.Second
)

// Shared is where replicas share a certificate, and who is to trust it.
type Shared struct {
	Secret        client.ObjectKey
	Configuration string   // name of the ValidatingWebhookConfiguration
	Replica       string   // a name that no other replica has
	Hosts         []string // that the certificate is for
}

// SelfSigned is a certificate that replicas make themselves. The client must read
// from the API server, and not from a cache.
func SelfSigned(ctx context.Context, direct client.Client, by Shared) Source {
	own := &selfSigned{
		client: direct, secret: by.Secret, configuration: by.Configuration, clock: time.Now,
		rotation: rotation{replica: by.Replica, hosts: by.Hosts, overlap: overlap},
	}
	own.begin(ctx)
	return own
}

// GetCertificate is what crypto/tls asks for each connection.
func (s *selfSigned) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if certificate := s.current.Load(); certificate != nil {
		return certificate, nil
	}
	return nil, errors.New("there is no certificate yet")
}

// begin tries to have a certificate before anybody asks. A cluster that does not
// answer yet is no reason to end: a process that is started again and again is
// later than one that waits.
func (s *selfSigned) begin(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	if err := s.ensure(ctx); err != nil {
		log.FromContext(ctx).Error(err, "there is no certificate yet")
	}
}

// Start exchanges the certificate when its time has come, follows when another
// replica does, and mends the Secret and the caBundle.
func (s *selfSigned) Start(ctx context.Context) error {
	ticker := time.NewTicker(selfSignedEvery)
	defer ticker.Stop()
	for {
		if err := s.ensure(ctx); err != nil && ctx.Err() == nil {
			log.FromContext(ctx).Error(err, "keeping the certificate as it is")
		}
		select {
		case <-ctx.Done():
			s.leave(context.WithoutCancel(ctx))
			return nil
		case <-ticker.C:
		}
	}
}

// ensure moves one step. When two replicas move at once, the API server lets one
// of them win, and the other looks again.
func (s *selfSigned) ensure(ctx context.Context) error {
	return retry.OnError(retry.DefaultRetry, lostRace, func() error { return s.step(ctx) })
}

func lostRace(err error) bool { return apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err) }

// step shares first, then tells the API servers, then serves: what is served
// was told, and what was told is in the hands of every replica.
func (s *selfSigned) step(ctx context.Context) error {
	var secret corev1.Secret
	if err := s.client.Get(ctx, s.secret, &secret); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("reading secret %s: %w", s.secret, err)
	}
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	if err := s.client.Get(ctx, client.ObjectKey{Name: s.configuration}, &configuration); err != nil {
		return fmt.Errorf("reading the caBundle of %s: %w", s.configuration, err)
	}
	now, bundles, known := s.clock(), bundlesOf(configuration), sharedBy(secret)
	s.rotation.observe(bundles, now)
	wanted, err := s.rotation.plan(known, bundles, now)
	if err != nil {
		return fmt.Errorf("making a certificate: %w", err)
	}
	if !wanted.equal(known) {
		if err := s.share(ctx, &secret, wanted); err != nil {
			return fmt.Errorf("sharing a certificate as secret %s: %w", s.secret, err)
		}
	}
	if err := s.publish(ctx, &configuration, wanted.bundle()); err != nil {
		return fmt.Errorf("writing the caBundle of %s: %w", s.configuration, err)
	}
	s.rotation.held = s.rotation.choose(wanted, now)
	s.current.Store(s.rotation.held.parse(s.rotation.hosts))
	return nil
}

// leave says that this replica serves nothing any more, so that nobody waits for
// it. If that cannot be said, they wait.
func (s *selfSigned) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	err := retry.OnError(retry.DefaultRetry, lostRace, func() error {
		var secret corev1.Secret
		if err := s.client.Get(ctx, s.secret, &secret); err != nil {
			return err
		}
		left := sharedBy(secret)
		delete(left.serving, s.rotation.replica)
		return s.share(ctx, &secret, left)
	})
	if err != nil {
		log.FromContext(ctx).Info("the other replicas do not know that this one has left", "reason", err.Error())
	}
}

// sharedBy reads the Secret. What cannot be read is not there.
func sharedBy(secret corev1.Secret) shared {
	data := secret.Data
	known := shared{
		current: issued{data[corev1.TLSCertKey], data[corev1.TLSPrivateKeyKey], join(data[authorityKey])},
		next:    issued{data[nextCertificateKey], data[nextPrivateKey], join(data[nextAuthorityKey])},
		former:  join(data[formerAuthorityKey]),
	}
	if json.Unmarshal(data[servingKey], &known.serving) != nil {
		known.serving = nil
	}
	return known
}

func (s *selfSigned) share(ctx context.Context, secret *corev1.Secret, wanted shared) error {
	serving, err := json.Marshal(wanted.serving)
	if err != nil {
		return err
	}
	secret.Data = map[string][]byte{
		corev1.TLSCertKey: wanted.current.certificate, corev1.TLSPrivateKeyKey: wanted.current.key, authorityKey: wanted.current.authority,
		nextCertificateKey: wanted.next.certificate, nextPrivateKey: wanted.next.key, nextAuthorityKey: wanted.next.authority,
		formerAuthorityKey: wanted.former, servingKey: serving,
	}
	maps.DeleteFunc(secret.Data, func(_ string, content []byte) bool { return len(content) == 0 })
	if secret.ResourceVersion != "" {
		return s.client.Update(ctx, secret)
	}
	secret.ObjectMeta = metav1.ObjectMeta{Namespace: s.secret.Namespace, Name: s.secret.Name}
	secret.Type = corev1.SecretTypeTLS
	return s.client.Create(ctx, secret)
}

func bundlesOf(configuration admissionregistrationv1.ValidatingWebhookConfiguration) [][]byte {
	var bundles [][]byte
	for _, webhook := range configuration.Webhooks {
		bundles = append(bundles, webhook.ClientConfig.CABundle)
	}
	return bundles
}

// publish writes the authorities into every webhook of the configuration.
func (s *selfSigned) publish(ctx context.Context, configuration *admissionregistrationv1.ValidatingWebhookConfiguration, bundle []byte) error {
	changed := false
	for i := range configuration.Webhooks {
		if told := &configuration.Webhooks[i].ClientConfig.CABundle; !bytes.Equal(*told, bundle) {
			*told, changed = bundle, true
		}
	}
	if !changed {
		return nil
	}
	return s.client.Update(ctx, configuration)
}
