package load

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// Handler is a door within this process that knows the crowd, with all the rules
// that ship and a clock that may be wrong.
func (c Crowd) Handler(ctx context.Context, clock func() time.Time) (http.Handler, error) {
	log.SetLogger(logr.Discard()) // or it complains, with a stack, that nobody has
	court, err := webhook.OpenCourt(ctx, policies.FS, "")
	if err != nil {
		return nil, err
	}
	memory := webhook.NewMemory()
	memory.Trust(c.Configuration.Trust)
	for i := range c.Known {
		object, err := c.Release(ctx, i)
		if err != nil {
			return nil, err
		}
		memory.Remember(object)
	}
	counters, err := webhook.NewMetrics(prometheus.NewRegistry(), memory)
	if err != nil {
		return nil, err
	}
	return webhook.Handler{
		Door: webhook.Door{Court: court, Memory: memory}, Clock: clock, Metrics: counters,
		Settings:     func() webhook.Configuration { return c.Configuration },
		Environments: func(_ context.Context, namespace string) (string, error) { return c.environment(namespace) },
	}, nil
}

func (c Crowd) environment(namespace string) (string, error) {
	if environment, known := c.Environments()[namespace]; known {
		return environment, nil
	}
	return "", fmt.Errorf("namespace %s is not known", namespace)
}

// Expect asks a handler, and complains when it does not answer as it must.
func Expect(door http.Handler, review Review) error {
	answer, err := ask(door, review)
	if err != nil {
		return err
	}
	return review.check(answer)
}
