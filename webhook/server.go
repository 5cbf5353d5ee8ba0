package webhook

import (
	"context"
	"crypto/tls"
	"fmt"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	admissionserver "sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// Path is where the door answers.
const Path = "/admit"

// Options says how to serve. All fields are required, except that a
// SelfSigned door needs no CertificateFolder.
type Options struct {
	Configuration     string // file with an Admission
	CertificateFolder string // holds tls.crt and tls.key, read again when they change
	SelfSigned        bool
	Webhooks          string // name of the ValidatingWebhookConfiguration
	Namespace         string // where the Service and the shared certificate are
	Host              string
	Port              int
	HealthAddress     string
	MetricsAddress    string
}

// certificates is where TLS gets its certificate; Start keeps it fresh.
type certificates interface {
	manager.Runnable
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
}

// Serve answers reviews until the context ends, and then finishes those that
// have begun. Every replica answers, so there is no leader.
func Serve(ctx context.Context, cluster *rest.Config, options Options, court Judge) error {
	memory := NewMemory()
	settings, err := LoadSettings(ctx, options.Configuration, memory)
	if err != nil {
		return err
	}
	scheme, err := newScheme()
	if err != nil {
		return err
	}
	certificates, err := newCertificates(ctx, cluster, scheme, options)
	if err != nil {
		return err
	}
	door, err := newManager(cluster, scheme, options, certificates.GetCertificate)
	if err != nil {
		return err
	}
	counters, err := NewMetrics(metrics.Registry, memory)
	if err != nil {
		return err
	}
	door.GetWebhookServer().Register(Path, &admission.Webhook{Handler: Handler{
		Door:         Door{Court: court, Memory: memory},
		Settings:     settings.Current,
		Environments: EnvironmentsOf(door.GetClient(), door.GetAPIReader()),
		Clock:        time.Now,
		Metrics:      counters,
	}})
	if err := watch(ctx, door, memory, options, certificates); err != nil {
		return err
	}
	for _, runnable := range []manager.Runnable{settings, certificates, manager.RunnableFunc(memory.Inspect)} {
		if err := door.Add(runnable); err != nil {
			return err
		}
	}
	return door.Start(ctx)
}

func newScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return nil, err
	}
	return scheme, kube.AddToScheme(scheme)
}

func newManager(cluster *rest.Config, scheme *runtime.Scheme, options Options, serving func(*tls.ClientHelloInfo) (*tls.Certificate, error)) (manager.Manager, error) {
	door, err := manager.New(cluster, manager.Options{
		Scheme: scheme,
		Cache: cache.Options{
			DefaultTransform: cache.TransformStripManagedFields(),
			ByObject:         map[client.Object]cache.ByObject{&kube.Release{}: {Transform: shorten}},
		},
		Metrics:                metricsserver.Options{BindAddress: options.MetricsAddress},
		HealthProbeBindAddress: options.HealthAddress,
		WebhookServer: admissionserver.NewServer(admissionserver.Options{
			Host: options.Host, Port: options.Port,
			TLSOpts: []func(*tls.Config){func(config *tls.Config) {
				config.MinVersion = tls.VersionTLS13
				config.GetCertificate = serving
			}},
		}),
	})
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	return door, nil
}

// watch starts the two informers, and makes readiness wait for them.
func watch(ctx context.Context, door manager.Manager, memory *Memory, options Options, certificates certificates) error {
	opened, err := memory.Watch(ctx, door.GetCache())
	if err != nil {
		return err
	}
	if _, err := door.GetCache().GetInformer(ctx, &corev1.Namespace{}, cache.BlockUntilSynced(false)); err != nil {
		return fmt.Errorf("watching namespaces: %w", err)
	}
	checks := map[string]healthz.Checker{
		"releases":    isOpened(opened),
		"certificate": isTrusted(door.GetAPIReader(), options.Webhooks, certificates.GetCertificate, time.Now),
		"server":      door.GetWebhookServer().StartedChecker(),
	}
	for name, check := range checks {
		if err := door.AddReadyzCheck(name, check); err != nil {
			return err
		}
	}
	return door.AddHealthzCheck("ping", healthz.Ping)
}

func newCertificates(ctx context.Context, cluster *rest.Config, scheme *runtime.Scheme, options Options) (certificates, error) {
	if !options.SelfSigned {
		watcher, err := certwatcher.New(
			filepath.Join(options.CertificateFolder, corev1.TLSCertKey),
			filepath.Join(options.CertificateFolder, corev1.TLSPrivateKeyKey))
		if err != nil {
			return nil, fmt.Errorf("reading the serving certificate: %w", err)
		}
		return watcher, nil
	}
	direct, err := client.New(cluster, client.Options{Scheme: scheme})
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	own := &selfSigned{
		client:        direct,
		secret:        client.ObjectKey{Namespace: options.Namespace, Name: "assay-webhook-tls"},
		configuration: options.Webhooks,
		hosts:         []string{"assay-webhook." + options.Namespace + ".svc", "localhost", "127.0.0.1"},
		clock:         time.Now,
	}
	return own, own.ensure(ctx)
}
