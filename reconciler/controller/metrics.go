package controller

import (
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var phaseSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
	Name:    "assay_phase_seconds",
	Help:    "How long a phase of a promotion took, by its condition and how it ended.",
	Buckets: prometheus.ExponentialBuckets(0.01, 4, 9), // 10 ms to 11 min
}, []string{"phase", "result"})

func init() { metrics.Registry.MustRegister(phaseSeconds) }

// Observe counts a phase that has ended.
func Observe(event promotion.Event) {
	if !event.Done {
		return
	}
	result := "done"
	switch {
	case event.Err != nil:
		result = "error"
	case event.Output.Cached:
		result = "cached"
	}
	phaseSeconds.WithLabelValues(event.Phase, result).Observe(event.Output.Took.Seconds())
}
