package audit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log"
	ctrl "sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/mlops-clinical-trials/assay/internal/lifecycle"
	"github.com/mlops-clinical-trials/assay/webhook"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Serve audits until the context ends. It reads the Admission file of the door, and
// of the door's options those that an audit has. The floor is made of the model
// repositories; nil for none.
func Serve(ctx context.Context, cluster *rest.Config, options webhook.Options, court *webhook.Court, floor func(repositories func() []string) (Floor, error)) error {
	memory := webhook.NewMemory()
	settings, err := webhook.LoadSettings(ctx, options.Configuration, memory, options.ReadRoot)
	if err != nil {
		return err
	}
	if err := errors.Join(settings.Seat(ctx, court), metrics.Registry.Register(court)); err != nil {
		return err
	}
	connected, err := webhook.Connect(ctx, cluster, options)
	if err != nil {
		return err
	}
	fallback, err := webhook.NewFallback(ctx, options.Fallback, memory, settings.Current, metrics.Registry)
	if err != nil {
		return err
	}
	auditor := newAuditor(court, webhook.Door{Court: court, Memory: memory, Fallback: fallback}, settings.Current)
	if auditor.metrics, err = NewMetrics(metrics.Registry); err != nil {
		return err
	}
	if floor != nil {
		if auditor.floor, err = floor(func() []string { return settings.Current().Repositories }); err != nil {
			return err
		}
	}
	if err := auditor.join(ctx, cluster, connected); err != nil {
		return err
	}
	if err := connected.Add(settings); err != nil {
		return err
	}
	return lifecycle.Run(ctx, connected)
}

func newAuditor(court Court, door webhook.Door, settings func() webhook.Configuration) *Auditor {
	auditor := &Auditor{
		court: court, door: door, settings: settings, clock: time.Now,
		releases: map[webhook.Filed]*entry{}, reports: map[string]*posted{}, refused: map[spot]bool{}, woken: make(chan struct{}, 1),
	}
	auditor.board = newBoard(auditor.wake)
	auditor.hall = &hall{look: auditor.sight, wake: auditor.wake, shelves: map[spot]*standing{}, installed: newInstalled()}
	return auditor
}

// join lets the auditor see the cluster.
func (a *Auditor) join(ctx context.Context, cluster *rest.Config, connected ctrl.Manager) error {
	own := rest.CopyConfig(cluster)
	own.QPS, own.Burst = 20, 40 // an audit can wait; who deploys cannot
	through, err := dynamic.NewForConfigAndClient(own, connected.GetHTTPClient())
	if err != nil {
		return fmt.Errorf("connecting to the cluster: %w", err)
	}
	api, err := discovery.NewDiscoveryClientForConfigAndClient(own, connected.GetHTTPClient())
	if err != nil {
		return fmt.Errorf("connecting to the cluster: %w", err)
	}
	a.cluster, a.hall.cluster = through, through
	a.namespaces = func(ctx context.Context) (map[string]string, error) {
		return webhook.Enrolled(ctx, connected.GetClient())
	}
	if err := a.watch(ctx, connected); err != nil {
		return err
	}
	var surveyed atomic.Bool
	checks := map[string]healthz.Checker{
		"releases": isTrue(a.arrived, "not every release is filed"),
		"survey":   isTrue(surveyed.Load, "it is not known what the cluster has"),
	}
	for name, check := range checks {
		if err := connected.AddReadyzCheck(name, check); err != nil {
			return err
		}
	}
	return errors.Join(connected.AddHealthzCheck("ping", healthz.Ping), connected.Add(ctrl.RunnableFunc(func(ctx context.Context) error {
		a.survey(ctx, api)
		go a.surveyAgain(ctx, api)
		surveyed.Store(true)
		return a.Start(ctx)
	})))
}

func (a *Auditor) watch(ctx context.Context, connected ctrl.Manager) error {
	filed, err := a.door.Memory.Watch(ctx, connected.GetCache())
	if err != nil {
		return err
	}
	ordered, err := a.door.Memory.WatchOrders(ctx, connected.GetCache())
	if err != nil {
		return err
	}
	if _, err := connected.GetCache().GetInformer(ctx, &corev1.Namespace{}, cache.BlockUntilSynced(false)); err != nil {
		return fmt.Errorf("watching namespaces: %w", err)
	}
	a.arrived = func() bool { return filed() && ordered() }
	return a.board.watch(ctx, connected.GetCache())
}

func isTrue(is func() bool, otherwise string) healthz.Checker {
	return func(*http.Request) error {
		if !is() {
			return errors.New(otherwise)
		}
		return nil
	}
}

// survey asks which kinds the cluster has beside its own.
func (a *Auditor) survey(ctx context.Context, api discovery.ServerResourcesInterface) {
	wanted := []schema.GroupVersionResource{reports}
	for _, kind := range subject.Kinds(a.settings().Workloads) {
		if !kind.BuiltIn {
			wanted = append(wanted, kind.Resource)
		}
	}
	if err := a.hall.installed.refresh(api, wanted); err != nil {
		log.FromContext(ctx).Error(err, "asking what the cluster has")
	}
}

func (a *Auditor) surveyAgain(ctx context.Context, api discovery.ServerResourcesInterface) {
	ticker := time.NewTicker(installationInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			a.survey(ctx, api)
		}
	}
}
