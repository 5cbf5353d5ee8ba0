package webhook

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Values of the label verdict.
const (
	outcomeAllowed   = "allowed"
	outcomeDenied    = "denied"
	outcomeUnchanged = "unchanged" // allowed without a question
	outcomeError     = "error"     // denied because nothing is known
)

// Metrics counts what happens at the door.
type Metrics struct {
	seconds  *prometheus.HistogramVec
	total    *prometheus.CounterVec
	softened *prometheus.CounterVec
	broken   *prometheus.CounterVec
}

// NewMetrics registers the metrics; the memory's size is read when asked for.
func NewMetrics(registry prometheus.Registerer, memory *Memory) (*Metrics, error) {
	metrics := &Metrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "assay_admit_seconds", Help: "Time to answer an admission review.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 2.5, 12), // 0.1 ms to 2.4 s; the API server waits 3 s
		}, []string{"verdict"}),
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "assay_admit_total", Help: "Admission reviews answered.",
		}, []string{"kind", "verdict"}),
		softened: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "assay_admit_softened_total", Help: "Denials that let an object in, by the mode of their rule.",
		}, []string{"environment", "mode", "rule"}),
		broken: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "assay_break_glass_admissions_total", Help: "Objects that came in because somebody broke the glass.",
		}, []string{"environment"}),
	}
	releases := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "assay_releases", Help: "Release objects whose evidence is in memory.",
	}, func() float64 { return float64(memory.Size()) })
	itself := []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} // a leak shows in them first
	for _, collector := range append(itself, metrics.seconds, metrics.total, metrics.softened, metrics.broken, releases) {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return metrics, nil
}

// observe counts one review. The kind is a known one or "unknown": a label
// that a client chooses would let it fill the memory.
func (m *Metrics) observe(request admission.Request, outcome string, elapsed time.Duration) {
	name := "unknown"
	if kind, known := subject.NameOf(request.Resource, request.SubResource); known {
		name = kind
	}
	m.seconds.WithLabelValues(outcome).Observe(elapsed.Seconds())
	m.total.WithLabelValues(name, outcome).Inc()
}

// soften counts what would have been denied: whoever wants to turn a rule on sees
// whom it would meet.
func (m *Metrics) soften(ruled ruling) {
	if !ruled.allowed() {
		return
	}
	for mode, findings := range map[Mode][]gates.Finding{Warn: ruled.warned, DryRun: ruled.silent} {
		for _, finding := range findings {
			m.softened.WithLabelValues(ruled.verdict.Environment, string(mode), finding.Rule).Inc()
		}
	}
}
