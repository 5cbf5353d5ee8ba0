package webhook

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// orders are what people have ordered in a hurry: what must not run (quarantine),
// where nothing new comes in (freeze), and what may run although rules deny it
// (break-glass). The first two are kept whoever wrote them, for they can only deny;
// of a break-glass only what a trusted key has signed is handed to the rules.
type orders struct {
	mutex       sync.RWMutex
	trust       evidence.Trust // the keys that count
	quarantines shelf[kube.QuarantineSpec]
	freezes     shelf[*freeze]
	panes       shelf[*pane]
	seasons     sync.Map // by environment: what its freezes say, while they say it
	remembered  bool     // a store has told what was ordered last

	told    func() bool // whether the cluster has told all of them; nil where nobody asked it
	settled atomic.Bool // it has
}

// maxOrders bounds how many orders are put before the rules for one workload.
const maxOrders = 16

// everything is the digest under which orders lie that name none.
const everything = ""

func newOrders() *orders {
	return &orders{
		quarantines: newShelf(func(spec kube.QuarantineSpec) string { return spec.Digest }),
		freezes:     newShelf(func(*freeze) string { return everything }),
		panes:       newShelf(func(pane *pane) string { return pane.spec.Digest }),
	}
}

// Quarantine files a Quarantine object, in place of what was known of that name.
func (m *Memory) Quarantine(object *kube.Quarantine) {
	m.orders.mutex.Lock()
	defer m.orders.mutex.Unlock()
	m.orders.quarantines.put(object.Name, object.Spec)
}

// Lift drops a Quarantine object.
func (m *Memory) Lift(name string) {
	m.orders.mutex.Lock()
	defer m.orders.mutex.Unlock()
	m.orders.quarantines.drop(name)
}

// BreakGlass files a BreakGlass object, in place of what was known of that name.
func (m *Memory) BreakGlass(object *kube.BreakGlass) {
	m.orders.mutex.Lock()
	defer m.orders.mutex.Unlock()
	if known := m.orders.panes.objects[object.Name]; known != nil && known.spec == object.Spec {
		delete(m.orders.panes.recalled, object.Name)
		return
	}
	m.orders.panes.put(object.Name, &pane{spec: object.Spec, trust: m.orders.trust})
}

// Mend drops a BreakGlass object: from then on it lets nothing new in.
func (m *Memory) Mend(name string) {
	m.orders.mutex.Lock()
	defer m.orders.mutex.Unlock()
	m.orders.panes.drop(name)
}

// believe files every break-glass again under the keys that count from now on.
func (o *orders) believe(trust evidence.Trust) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.trust = trust
	for name, known := range o.panes.objects {
		recalled := o.panes.recalled[name]
		o.panes.put(name, &pane{spec: known.spec, trust: trust})
		if recalled {
			o.panes.recalled[name] = true
		}
	}
}

// known holds when the cluster has told its orders, or a store those of before.
func (o *orders) known() bool {
	if o.settled.Load() || o.told == nil {
		return true
	}
	if o.told() {
		o.settled.Store(true)
		return true
	}
	o.mutex.RLock()
	defer o.mutex.RUnlock()
	return o.remembered
}

// complete says of each image and model of the workload whether it is clear, by
// which quarantine it is not, and which break-glass was signed for a model. While
// the orders are not known nothing is: an error.
func (o *orders) complete(ctx context.Context, environment string, workload *judge.Workload) error {
	if !o.known() {
		return errors.New("the quarantines and freezes are not known yet")
	}
	o.mutex.RLock()
	defer o.mutex.RUnlock()
	workload.Images = slices.Clone(workload.Images)
	var seen []string
	look := func(digest string) (clear bool) {
		found := o.quarantined(environment, digest)
		if len(found) > 0 && !slices.Contains(seen, digest) && len(workload.Quarantines) < maxOrders {
			seen, workload.Quarantines = append(seen, digest), append(workload.Quarantines, found...)
		}
		return len(found) == 0
	}
	for i := range workload.Images {
		workload.Images[i].Clear = look(workload.Images[i].Digest)
	}
	for i := range workload.Models {
		workload.Models[i].Clear = look(workload.Models[i].Digest)
	}
	workload.Glass = o.broken(ctx, workload.Models)
	return nil
}

// quarantined lists the quarantines of a digest in an environment, at most
// maxOrders.
func (o *orders) quarantined(environment, digest string) []judge.Quarantine {
	var found []judge.Quarantine
	for _, name := range o.quarantines.names(digest) {
		spec := o.quarantines.objects[name]
		if (len(spec.Environments) == 0 || slices.Contains(spec.Environments, environment)) && len(found) < maxOrders {
			found = append(found, judge.Quarantine{Name: name, Digest: digest, Reason: spec.Reason, By: spec.By})
		}
	}
	return found
}
