package audit

import (
	"context"
	"maps"
	"reflect"
	"time"

	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Court is a judge that tells by which rules it judges.
type Court interface {
	webhook.Judge
	PolicyDigest() string
}

// Floor is what stands when the door is gone. It is told every digest that is
// admissible, by environment, whenever that changes.
type Floor interface {
	Publish(ctx context.Context, admissible map[string][]string) error
}

// Auditor judges what is in the cluster already. Everything but the shelves and
// the board belongs to the one goroutine that calls Pass.
type Auditor struct {
	court      Court
	door       webhook.Door
	settings   func() webhook.Configuration
	clock      func() time.Time
	namespaces func(ctx context.Context) (map[string]string, error)
	arrived    func() bool // whether every release has been filed
	cluster    dynamic.Interface
	board      *board
	floor      Floor // nil for none
	metrics    *Metrics

	hall      *hall
	releases  map[webhook.Filed]*entry
	scene     scene
	due       time.Time // when something is to be judged again that has not changed
	reports   map[string]*posted
	published *publication
	refused   map[spot]bool   // of which the log has told
	ready     map[string]bool // namespaces that were told in full before they were looked at
	reporting bool            // policy reports are written
	told      time.Time       // when everything was last told
	woken     chan struct{}
}

// scene is everything that verdicts are made of, apart from the objects and the
// releases. While it is the same, nothing has to be judged again.
type scene struct {
	settings   webhook.Configuration
	policy     string
	namespaces map[string]string // the enrolled ones, with their environments
	orders     evidence.Digest
	glasses    map[string]string // by digest, who claims to have broken the glass for it
}

const (
	passInterval = time.Second            // for the clock, and for what wakes nobody
	passPause    = 200 * time.Millisecond // so that a rollout is one pass
)

// Start audits until the context ends.
func (a *Auditor) Start(ctx context.Context) error {
	logger, last := log.FromContext(ctx), ""
	ticker := time.NewTicker(passInterval)
	defer ticker.Stop()
	for {
		err := a.Pass(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && err.Error() != last {
			logger.Error(err, "the audit could not tell everything; it tries again")
		}
		if last = ""; err != nil {
			last = err.Error()
		}
		if !a.rest(ctx, ticker.C) {
			return nil
		}
	}
}

// rest waits until there may be something to do.
func (a *Auditor) rest(ctx context.Context, tick <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(passPause):
	}
	select {
	case <-ctx.Done():
		return false
	case <-a.woken:
	case <-tick:
	}
	return true
}

// wake never blocks: reflectors call it.
func (a *Auditor) wake() {
	select {
	case a.woken <- struct{}{}:
	default:
	}
}

// Pass looks at everything once. Where nothing has changed, and no verdict's time
// has come, it ends at once.
func (a *Auditor) Pass(ctx context.Context) error {
	if !a.arrived() {
		return nil
	}
	now := a.clock()
	defer func() { a.metrics.passed(now, a.clock().Sub(now)) }()
	a.door.Memory.Refresh(now)
	turned, err := a.turn(ctx)
	if err != nil {
		return err
	}
	arrived, ready := a.file(), a.filled()
	touched := a.touched()
	changed := turned || arrived || touched || !now.Before(a.due) || !maps.Equal(ready, a.ready)
	if changed {
		a.look(ctx, now)
		a.ready = ready
	}
	if a.foresee(ctx, now) {
		changed, a.due = true, now // for what uses them
	}
	return a.tell(ctx, now, changed)
}

// turn says whether the scene has changed, and arranges the hall for it.
func (a *Auditor) turn(ctx context.Context) (bool, error) {
	namespaces, err := a.namespaces(ctx)
	if err != nil {
		return false, err
	}
	now := scene{settings: a.settings(), policy: a.court.PolicyDigest(), namespaces: namespaces, orders: a.door.Memory.Orders(), glasses: map[string]string{}}
	for _, claimed := range a.door.Memory.Glasses() {
		now.glasses[claimed.Digest] += string(evidence.Envelope(claimed.Envelope).Digest())
	}
	now.settings.Trust = nil // the memory files everything again when that changes
	anew := !reflect.DeepEqual(now.settings, a.scene.settings)
	turned := anew || !reflect.DeepEqual(now, a.scene)
	a.scene = now
	a.hall.arrange(ctx, subject.Kinds(now.settings.Workloads), namespaces, anew)
	a.complain(ctx)
	return turned, nil
}

// complain tells once of each kind that cannot be looked at.
func (a *Auditor) complain(ctx context.Context) {
	for at, err := range a.hall.refusals() {
		if !a.refused[at] {
			a.refused[at] = true
			log.FromContext(ctx).Error(err, "not audited", "namespace", at.namespace, "kind", at.kind.Name)
		}
	}
}

// filled are the namespaces of which everything has been told.
func (a *Auditor) filled() map[string]bool {
	filled := map[string]bool{}
	for namespace := range a.scene.namespaces {
		if a.hall.ready(namespace) {
			filled[namespace] = true
		}
	}
	return filled
}

func (a *Auditor) touched() bool {
	touched := a.board.take()
	for _, shelf := range a.hall.shelves {
		touched = shelf.take() || touched
	}
	return touched
}
