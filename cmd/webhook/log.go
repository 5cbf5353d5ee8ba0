package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// journal is where decisions are kept, and by whose key.
type journal struct{ dir, key, name string }

// patience is for what waits when the process is asked to end; a pod has 40
// seconds (terminationGracePeriodSeconds), of which it answers for 10 (--drain).
const patience = 15 * time.Second

// begin starts to keep decisions, beside the reviews and never before them. What
// is wrong with the key or the name is told now; what happens to the disk later
// stops the log, and not the door. finish enters what still waits.
func (j journal) begin(ctx context.Context, registry prometheus.Registerer) (kept webhook.Log, finish func() error, err error) {
	if j.dir == "" {
		return nil, func() error { return nil }, nil
	}
	key, err := os.ReadFile(j.key)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the key of the log: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, nil, fmt.Errorf("naming the log: %w", err)
	}
	name := cmp.Or(j.name, host)
	if err := auditlog.CheckNamed(key, name); err != nil {
		return nil, nil, fmt.Errorf("--log-key %s, --log-name %s: %w", j.key, name, err)
	}
	queue := auditlog.NewQueue("admissions", func(ctx context.Context) (*auditlog.Log, error) {
		return auditlog.OpenNamed(ctx, j.dir, name, key)
	}, func(err error) { log.FromContext(ctx).Error(err, "keeping decisions", "log", j.dir) })
	if err := expose(registry, queue); err != nil {
		return nil, nil, err
	}
	return entering{queue}, started(ctx, queue), nil
}

// started runs the queue until it is asked to finish: not until the context
// ends, because reviews that have begun are still answered then.
func started(ctx context.Context, queue *auditlog.Queue) (finish func() error) {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() {
		err := queue.Run(working)
		if err != nil {
			log.FromContext(ctx).Error(err, "decisions are not kept any more")
		}
		done <- err
	}()
	return func() error {
		stop()
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			return errors.New("the disk of the log does not answer: what waited is not entered")
		}
	}
}

// expose tells how many decisions are in the log, and how many are not.
func expose(registry prometheus.Registerer, queue *auditlog.Queue) error {
	count := func(which func(entered, dropped, waiting uint64) uint64) func() float64 {
		return func() float64 { return float64(which(queue.Counts())) }
	}
	for _, collector := range []prometheus.Collector{
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "assay_admit_log_entered_total", Help: "Decisions that the log holds."},
			count(func(entered, _, _ uint64) uint64 { return entered })),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "assay_admit_log_dropped_total", Help: "Decisions that the log does not hold."},
			count(func(_, dropped, _ uint64) uint64 { return dropped })),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "assay_admit_log_waiting", Help: "Decisions that wait to be entered."},
			count(func(_, _, waiting uint64) uint64 { return waiting })),
	} {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	return nil
}

// entering makes a log of the webhook out of the queue.
type entering struct{ queue *auditlog.Queue }

func (e entering) Enter(decision webhook.Decision) { e.queue.Enter(recordOf(decision)) }

// recordOf keeps of each finding the rule and what became of it: messages may
// quote an object.
func recordOf(decision webhook.Decision) auditlog.Record {
	record := auditlog.Record{
		Kind: auditlog.Admission, Time: decision.Time, Actor: decision.User, Environment: decision.Environment,
		Subject: evidence.Subject{Name: decision.Object}, Allowed: decision.Allowed(), Evaluated: decision.Evaluated, Policy: decision.Policy,
		Admission: &auditlog.Review{UID: decision.UID, Operation: decision.Operation, Outcome: decision.Outcome, Mode: string(decision.Mode), Releases: decision.Releases, Glass: decision.Glass},
	}
	for _, finding := range decision.Findings {
		bare := auditlog.Finding{Rule: finding.Rule, State: string(finding.State), Severity: string(finding.Severity)}
		if !slices.Contains(record.Findings, bare) {
			record.Findings = append(record.Findings, bare)
		}
	}
	return record
}
