package controller

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Metrics are named by the verbs. How old the oldest key of a queue is, and how
// many wait, controller-runtime tells: workqueue_queue_duration_seconds and
// workqueue_depth, for the queues merged, poll and pulls.
var (
	phaseSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "assay_phase_seconds",
		Help:    "How long a phase of a promotion took, by its condition and how it ended.",
		Buckets: prometheus.ExponentialBuckets(0.01, 4, 9), // 10 ms to 11 min
	}, []string{"phase", "result"})
	lookSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "assay_look_seconds",
		Help:    "How long a look at a pull request took, checks included.",
		Buckets: prometheus.ExponentialBuckets(0.05, 4, 8), // 50 ms to 14 min
	}, []string{"result"})
	fetchSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "assay_fetch_seconds",
		Help:    "How long git remotes took to tell where a branch is, and to send what is new.",
		Buckets: prometheus.ExponentialBuckets(0.005, 4, 8), // 5 ms to 82 s
	}, []string{"result"})
	askSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "assay_ask_seconds",
		Help:    "How long forges took to answer, by provider and status.",
		Buckets: prometheus.ExponentialBuckets(0.01, 4, 7), // 10 ms to 41 s
	}, []string{"provider", "status"})
	verdicts = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "assay_judge_total",
		Help: "Promotions that were judged after a merge, by gate and what its rules came to.",
	}, []string{"gate", "result"})
)

func init() {
	metrics.Registry.MustRegister(phaseSeconds, lookSeconds, fetchSeconds, askSeconds, verdicts, levels)
}

// Observe counts a phase that has ended, and adds it to the trace.
func Observe(ctx context.Context, event promotion.Event) {
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
	trace(ctx, event)
}

func resultOf(err error) string {
	if err != nil {
		return "error"
	}
	return "done"
}

// countVerdicts counts, for each gate whose rules were evaluated, whether one of
// them denies. What was left as it was is not counted again.
func countVerdicts(states []*promotion.State) {
	for _, state := range states {
		if state.Unchanged {
			continue
		}
		results := map[string]string{}
		for _, rule := range state.Verdict.Evaluated {
			results[gateOf(rule)] = "allowed"
		}
		for _, finding := range state.Verdict.Denials() {
			results[gateOf(finding.Rule)] = "denied"
		}
		for gate, result := range results {
			verdicts.WithLabelValues(gate, result).Inc()
		}
	}
}

// gateOf a rule: model.<gate>.<rule>; other rules count for what they are about.
func gateOf(rule string) string {
	parts := strings.Split(rule, ".")
	if parts[0] == "model" && len(parts) > 2 {
		return parts[1]
	}
	return parts[0]
}

// observed times what is asked of a forge.
type observed struct {
	provider string
	next     http.RoundTripper
}

func (o observed) RoundTrip(request *http.Request) (*http.Response, error) {
	started := time.Now()
	response, err := o.next.RoundTrip(request)
	status := "error"
	if err == nil {
		status = strconv.Itoa(response.StatusCode)
	}
	askSeconds.WithLabelValues(o.provider, status).Observe(time.Since(started).Seconds())
	return response, err
}

// levels tells how much of each budget is left, when it is asked.
var levels = &collector{budgets: map[[2]string]*forge.Budget{}}

type collector struct {
	mu      sync.Mutex
	budgets map[[2]string]*forge.Budget // by provider and the beginning of a digest of the credential
}

var remaining = prometheus.NewDesc("assay_ask_remaining", "Requests that a credential may still make at a forge.", []string{"provider", "credential", "whose"}, nil)

func (c *collector) add(provider, credential string, budget *forge.Budget) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budgets[[2]string{provider, credential}] = budget
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(into chan<- *prometheus.Desc) { into <- remaining }

// Collect implements prometheus.Collector.
func (c *collector) Collect(into chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for of, budget := range c.budgets {
		level := budget.Level()
		into <- prometheus.MustNewConstMetric(remaining, prometheus.GaugeValue, float64(level.Tokens), of[0], of[1], "own")
		if level.Limit > 0 {
			into <- prometheus.MustNewConstMetric(remaining, prometheus.GaugeValue, float64(level.Remaining), of[0], of[1], "forge")
		}
	}
}
