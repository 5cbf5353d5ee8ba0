package audit

import (
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics tells of the audit, and of every release that runs until when.
type Metrics struct {
	objects *prometheus.GaugeVec
	until   *prometheus.GaugeVec
	seconds prometheus.Histogram
	last    prometheus.Gauge
	queue   prometheus.Gauge
	writes  *prometheus.CounterVec
}

// NewMetrics registers the metrics of an audit.
func NewMetrics(registry prometheus.Registerer) (*Metrics, error) {
	made := &Metrics{
		objects: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "assay_audit_objects", Help: "Objects of enrolled namespaces, by what the door would say of them now.",
		}, []string{"result"}),
		until: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "assay_release_admissible_until_seconds",
			Help: "When a release that runs stops being admissible: Unix time, 0 when it is not, +Inf when no end is foreseen.",
		}, []string{"release", "environment"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "assay_audit_seconds", Help: "Time of a pass over everything.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
		}),
		last: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "assay_audit_last_pass_timestamp_seconds", Help: "When everything was last looked at.",
		}),
		queue: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "assay_audit_waiting_releases", Help: "Releases that are still to be judged.",
		}),
		writes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "assay_audit_writes_total", Help: "What the audit has written into the cluster.",
		}, []string{"outcome"}),
	}
	for _, collector := range []prometheus.Collector{made.objects, made.until, made.seconds, made.last, made.queue, made.writes} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (m *Metrics) passed(at time.Time, took time.Duration) {
	m.seconds.Observe(took.Seconds())
	m.last.Set(float64(at.Unix()))
}

func (m *Metrics) waiting(releases int) { m.queue.Set(float64(releases)) }

func (m *Metrics) wrote(err error) {
	outcome := "written"
	if err != nil {
		outcome = mistake
	}
	m.writes.WithLabelValues(outcome).Inc()
}

// measure counts what was found.
func (a *Auditor) measure() {
	counts := map[string]int{pass: 0, warn: 0, fail: 0, mistake: 0}
	for _, shelf := range a.hall.shelves {
		for _, object := range shelf.list() {
			if object.finding != nil && !object.sight.resting {
				counts[object.finding.result]++
			}
		}
	}
	for result, count := range counts {
		a.metrics.objects.WithLabelValues(result).Set(float64(count))
	}
	a.metrics.until.Reset()
	for _, one := range a.releases {
		if one.users > 0 {
			a.metrics.until.WithLabelValues(one.filed.Name(), one.filed.Spec().Environment).Set(one.end(a.quarantined(one) != ""))
		}
	}
}

func (e *entry) end(quarantined bool) float64 {
	switch {
	case !e.admissible() || quarantined:
		return 0
	case e.until.IsZero():
		return math.Inf(1)
	}
	return float64(e.until.Unix())
}
