package webhook

import (
	"reflect"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/internal/calendar"
)

// freeze is one Freeze object. Whoever wrote it, it is kept: it can only deny. One
// whose window cannot be read always holds.
type freeze struct {
	name   string
	spec   kube.FreezeSpec
	begun  time.Time // when the object was made
	window calendar.Window
}

func newFreeze(name string, spec kube.FreezeSpec, begun time.Time) *freeze {
	window, _ := calendar.Parse(calendar.Text{From: spec.From, Until: spec.Until, Schedule: spec.Schedule, Duration: spec.Duration, Zone: spec.Zone})
	return &freeze{name, spec, begun, window.Begun(begun)}
}

func (f *freeze) concerns(environment string) bool {
	return len(f.spec.Environments) == 0 || slices.Contains(f.spec.Environments, environment)
}

// Freeze files a Freeze object, in place of what was known of that name.
func (m *Memory) Freeze(object *kube.Freeze) {
	m.orders.mutex.Lock()
	defer m.orders.mutex.Unlock()
	known := m.orders.freezes.objects[object.Name]
	if known == nil || !known.begun.Equal(object.CreationTimestamp.Time) || !reflect.DeepEqual(known.spec, object.Spec) {
		known = newFreeze(object.Name, object.Spec, object.CreationTimestamp.Time)
	}
	m.orders.freezes.put(object.Name, known)
	m.orders.seasons.Clear()
}

// Thaw drops a Freeze object.
func (m *Memory) Thaw(name string) {
	m.orders.mutex.Lock()
	defer m.orders.mutex.Unlock()
	m.orders.freezes.drop(name)
	m.orders.seasons.Clear()
}

// season is what freezes say of an environment, from one instant until another.
type season struct {
	from, until time.Time // no end where until is zero
	frozen      calendar.Moment
	holding     []*freeze
}

// lets says whether every freeze that holds names a digest among those that were
// there before.
func (s season) lets(digest string) bool {
	return !slices.ContainsFunc(s.holding, func(one *freeze) bool { return !slices.Contains(one.spec.Known, digest) })
}

// season is reckoned once for as long as it lasts. It is called while the mutex is
// held for reading.
func (o *orders) season(environment string, now time.Time) season {
	if known, is := o.seasons.Load(environment); is {
		known := known.(season)
		if !now.Before(known.from) && (known.until.IsZero() || now.Before(known.until)) {
			return known
		}
	}
	begun := season{from: now}
	var windows []calendar.Window
	for _, name := range o.freezes.names(everything) {
		one := o.freezes.objects[name]
		if !one.concerns(environment) {
			continue
		}
		windows = append(windows, one.window)
		at := one.window.At(now)
		if at.Holds {
			begun.holding = append(begun.holding, one)
		}
		if begun.until.IsZero() || !at.Until.IsZero() && at.Until.Before(begun.until) {
			begun.until = at.Until
		}
	}
	begun.frozen = calendar.Join(now, windows...)
	o.seasons.Store(environment, begun)
	return begun
}

func (m *Memory) season(environment string, now time.Time) season {
	m.orders.mutex.RLock()
	defer m.orders.mutex.RUnlock()
	return m.orders.season(environment, now)
}

// Frozen says whether a freeze keeps a model out of an environment at an instant,
// and until when freezes say the same.
func (m *Memory) Frozen(environment, digest string, now time.Time) (out bool, until time.Time) {
	season := m.season(environment, now)
	return !m.thawed(season, place{environment, digest}), season.until
}

// thawed holds where no freeze does, and for what was there before it.
func (m *Memory) thawed(season season, at place) bool {
	return !season.frozen.Holds || season.lets(at.digest) || m.knew(at, season.frozen.Since)
}

// thaw says of each model of a workload whether a freeze keeps it out: nothing that
// was there before it is new.
func (m *Memory) thaw(environment string, now time.Time, workload *judge.Workload) {
	season := m.season(environment, now)
	for i := range workload.Models {
		workload.Models[i].Thawed = m.thawed(season, place{environment, workload.Models[i].Digest})
	}
	for _, one := range season.holding[:min(len(season.holding), maxOrders)] {
		workload.Freezes = append(workload.Freezes, judge.Freeze{Name: one.name, Reason: one.spec.Reason, By: one.spec.By})
	}
	if end := season.frozen.Until; season.frozen.Holds && !end.IsZero() {
		workload.Opens = end.UTC().Format(time.RFC3339)
	}
}
