package webhook

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	admissionserver "sigs.k8s.io/controller-runtime/pkg/webhook"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/lifecycle"
	"github.com/mlops-clinical-trials/assay/webhook/certificate"
)

// Path is where the door answers.
const Path = "/admit"

// Options says how to serve. All fields are required, except that a
// SelfSigned door needs no CertificateFolder, and one whose signers all have
// keys no ReadRoot.
type Options struct {
	Configuration     string // file with an Admission
	ReadRoot          ReadRoot
	CertificateFolder string // holds tls.crt and tls.key, read again when they change
	SelfSigned        bool
	Webhooks          string // name of the ValidatingWebhookConfiguration
	Namespace         string // where the Service and the shared certificate are
	Host              string
	Port              int
	HealthAddress     string
	MetricsAddress    string
	Log               Log           // where decisions are kept; nil for nowhere
	Store             string        // folder that outlives a restart; empty for none
	Drain             time.Duration // how long to answer after the wish to end

	Fallback Referrers // where evidence is looked for that no Release object holds; nil for nowhere
}

// Serve answers reviews until the context ends, and then finishes those that
// have begun. Every replica answers, so there is no leader.
func Serve(ctx context.Context, cluster *rest.Config, options Options, court *Court) error {
	memory := NewMemory()
	settings, err := LoadSettings(ctx, options.Configuration, memory, options.ReadRoot)
	if err != nil {
		return err
	}
	if err := settings.Seat(ctx, court); err != nil {
		return err
	}
	if err := metrics.Registry.Register(court); err != nil {
		return err
	}
	scheme, err := newScheme()
	if err != nil {
		return err
	}
	served, err := newCertificates(ctx, cluster, scheme, options)
	if err != nil {
		return err
	}
	door, err := newManager(cluster, scheme, options, served.GetCertificate)
	if err != nil {
		return err
	}
	if err := installed(ctx, door.GetAPIReader()); err != nil {
		return err
	}
	if err := certificate.ExposeExpiry(metrics.Registry, served); err != nil {
		return err
	}
	watched, err := watch(ctx, door, memory, options, served)
	if err != nil {
		return err
	}
	handler, err := assembled(ctx, cluster, door, options, memory, settings)
	if err != nil {
		return err
	}
	handler.Door.Court = court
	if options.Store != "" {
		if handler.Environments, err = keep(ctx, door, memory, options.Store, watched, handler.Environments); err != nil {
			return err
		}
	}
	leaving := &drain{wait: options.Drain}
	door.GetWebhookServer().Register(Path, leaving.ask(handler))
	if err := door.AddReadyzCheck("staying", leaving.isStaying); err != nil {
		return err
	}
	warmth := &warmth{door: handler.Door, settings: settings.Current, clock: time.Now, begun: time.Now()}
	if err := door.AddReadyzCheck("warm", warmth.isWarm); err != nil {
		return err
	}
	for _, runnable := range []manager.Runnable{settings, served, manager.RunnableFunc(memory.Inspect)} {
		if err := door.Add(runnable); err != nil {
			return err
		}
	}
	go warmth.Start(ctx) // the manager would begin it when the cluster has answered
	return lifecycle.Run(leaving.after(ctx, door.Elected()), door)
}

// assembled is the handler with all that it asks and tells, but for the judge.
func assembled(ctx context.Context, cluster *rest.Config, door manager.Manager, options Options, memory *Memory, settings *Settings) (Handler, error) {
	counters, err := NewMetrics(metrics.Registry, memory)
	if err != nil {
		return Handler{}, err
	}
	events, err := newEvents(door)
	if err != nil {
		return Handler{}, err
	}
	asking, err := NewFallback(ctx, options.Fallback, memory, settings.Current, metrics.Registry)
	if err != nil {
		return Handler{}, err
	}
	owners, err := OwnersOf(cluster, door.GetHTTPClient())
	if err != nil {
		return Handler{}, err
	}
	return Handler{
		Door:         Door{Memory: memory, Fallback: asking},
		Settings:     settings.Current,
		Environments: EnvironmentsOf(door.GetClient(), door.GetAPIReader()),
		Owners:       owners,
		Clock:        time.Now,
		Metrics:      counters,
		Log:          options.Log,
		Events:       events,
		crew:         make(crew),
	}, nil
}

func newScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return nil, err
	}
	return scheme, kube.AddToScheme(scheme)
}

// mapper knows the few kinds that the door reads, so that it starts without
// asking an API server what there is.
func mapper() meta.RESTMapper {
	known := meta.NewDefaultRESTMapper(nil)
	known.Add(kube.GroupVersion.WithKind("Release"), meta.RESTScopeRoot)
	known.Add(kube.GroupVersion.WithKind("Quarantine"), meta.RESTScopeRoot)
	known.Add(kube.GroupVersion.WithKind("Freeze"), meta.RESTScopeRoot)
	known.Add(kube.GroupVersion.WithKind("BreakGlass"), meta.RESTScopeRoot)
	known.Add(corev1.SchemeGroupVersion.WithKind("Namespace"), meta.RESTScopeRoot)
	known.Add(corev1.SchemeGroupVersion.WithKind("Secret"), meta.RESTScopeNamespace)
	known.Add(eventsv1.SchemeGroupVersion.WithKind("Event"), meta.RESTScopeNamespace)
	known.Add(admissionregistrationv1.SchemeGroupVersion.WithKind("ValidatingWebhookConfiguration"), meta.RESTScopeRoot)
	return known
}

func newManager(cluster *rest.Config, scheme *runtime.Scheme, options Options, serving func(*tls.ClientHelloInfo) (*tls.Certificate, error)) (manager.Manager, error) {
	door, err := manager.New(cluster, manager.Options{
		Scheme:         scheme,
		MapperProvider: func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return mapper(), nil },
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

// watched says what the cluster has told in full.
type watched struct{ releases, namespaces, orders func() bool }

// watch starts the informers, and makes readiness wait for them.
func watch(ctx context.Context, door manager.Manager, memory *Memory, options Options, served certificate.Source) (watched, error) {
	filed, err := memory.Watch(ctx, door.GetCache())
	if err != nil {
		return watched{}, err
	}
	namespaces, err := door.GetCache().GetInformer(ctx, &corev1.Namespace{}, cache.BlockUntilSynced(false))
	if err != nil {
		return watched{}, fmt.Errorf("watching namespaces: %w", err)
	}
	orders, err := memory.WatchOrders(ctx, door.GetCache())
	if err != nil {
		return watched{}, err
	}
	checks := map[string]healthz.Checker{
		"orders":      isTold(memory.orders.known),
		"releases":    isOpened(filed),
		"certificate": certificate.Trusted(door.GetAPIReader(), options.Webhooks, served, time.Now),
		"server":      door.GetWebhookServer().StartedChecker(),
	}
	for name, check := range checks {
		if err := door.AddReadyzCheck(name, check); err != nil {
			return watched{}, err
		}
	}
	return watched{filed, namespaces.HasSynced, orders}, door.AddHealthzCheck("ping", healthz.Ping)
}

// keep fills the memory from the store, and keeps the store as the cluster is
// from when that is known.
func keep(ctx context.Context, door manager.Manager, memory *Memory, folder string, told watched, now environmentOf) (environmentOf, error) {
	store, err := OpenStore(folder)
	if err != nil {
		return nil, err
	}
	if err := store.Load(ctx, memory); err != nil {
		return nil, err
	}
	lately := store.lately(time.Now())
	if err := door.AddReadyzCheck("releases", isOpened(func() bool { return lately || told.releases() })); err != nil {
		return nil, err
	}
	return recalled(store.Namespaces(), told.namespaces, now), door.Add(manager.RunnableFunc(func(ctx context.Context) error {
		return store.Keep(ctx, memory, told, func() (map[string]string, error) { return namespaces(ctx, door.GetClient()) })
	}))
}

func newCertificates(ctx context.Context, cluster *rest.Config, scheme *runtime.Scheme, options Options) (certificate.Source, error) {
	if !options.SelfSigned {
		return certificate.InFolder(options.CertificateFolder)
	}
	direct, err := client.New(cluster, client.Options{Scheme: scheme, Mapper: mapper()})
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	return certificate.SelfSigned(ctx, direct, certificate.Shared{
		Secret:        client.ObjectKey{Namespace: options.Namespace, Name: "assay-webhook-tls"},
		Configuration: options.Webhooks,
		Replica:       options.replica(),
		Hosts:         []string{"assay-webhook." + options.Namespace + ".svc", "localhost", "127.0.0.1"},
	}), nil
}
