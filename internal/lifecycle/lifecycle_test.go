package lifecycle_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/mlops-clinical-trials/assay/internal/lifecycle"
)

// A cluster that does not answer fills no cache.
func waiting(t *testing.T) manager.Manager {
	t.Helper()
	known := meta.NewDefaultRESTMapper(nil)
	known.Add(corev1.SchemeGroupVersion.WithKind("Namespace"), meta.RESTScopeRoot)
	made, err := manager.New(&rest.Config{Host: "https://127.0.0.1:1"}, manager.Options{
		Metrics:        metricsserver.Options{BindAddress: "0"},
		MapperProvider: func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return known, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.GetCache().GetInformer(t.Context(), &corev1.Namespace{}, cache.BlockUntilSynced(false)); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestWhatWaitsForAClusterCanBeStopped(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- lifecycle.Run(ctx, waiting(t)) }()
	select {
	case err := <-ended:
		if err != nil || ctx.Err() == nil {
			t.Errorf("it ended with %v, before it was stopped: %t", err, ctx.Err() == nil)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
}

func TestWhatIsStoppedLaterEndsInOrder(t *testing.T) {
	made, err := manager.New(&rest.Config{Host: "https://127.0.0.1:1"}, manager.Options{
		Metrics:        metricsserver.Options{BindAddress: "0"},
		MapperProvider: func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return meta.NewDefaultRESTMapper(nil), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	finished := false
	if err := made.Add(manager.RunnableFunc(func(ctx context.Context) error {
		<-ctx.Done()
		finished = true
		return nil
	})); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		<-made.Elected()
		stop()
	}()
	if err := lifecycle.Run(ctx, made); err != nil || !finished {
		t.Errorf("%v, finished: %t", err, finished)
	}
}
