package webhook

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Memory is the evidence that has arrived in the cluster. A review only reads
// it, so admission asks no registry. Evidence lies packed, and is verified when
// the judge is asked: thousands of releases are known, and few are in use.
//
// Nothing in a Release object is believed but what a trusted signature proves.
// Its digest and environment only say under which question the evidence is
// looked up; the judge compares both with what was signed.
type Memory struct {
	mutex    sync.RWMutex
	trust    evidence.Trust
	opened   time.Time           // the instant whose keys count
	releases map[string]*release // by the name of the Release object
	places   map[place][]*release
	digests  map[string]int  // how many objects speak of a digest
	recalled map[string]bool // releases that only the store has told of
	known    map[place]acquaintance
	orders   *orders

	generation int         // of the keys that count
	arrived    func(place) // told of each place that a release is filed at; nil for nobody
}

// place is where a model is looked up.
type place struct{ environment, digest string }

// release is one Release object. It never changes, except that it remembers what
// the judge said of it: a memo ends with the evidence and the trust from which it
// was made.
type release struct {
	name      string // of the Release object
	subject   evidence.Subject
	place     place
	envelopes packed
	trust     evidence.Trust // the keys that counted when it was filed
	wanted    atomic.Int64   // when somebody asked for it last, in nanoseconds since 1970
	memo      memo
	inspected atomic.Bool     // what is wrong with it has been logged
	stored    evidence.Digest // the file that holds it; the Store's alone
}

// spec is the release as it was filed, without its envelopes.
func (r *release) spec() kube.ReleaseSpec {
	return kube.ReleaseSpec{Model: r.subject.Name, Environment: r.place.environment, Digest: r.place.digest}
}

// maxEnvelopes is the bound of the CRD; a cluster may have installed another.
const maxEnvelopes = 32

// NewMemory remembers nothing and trusts nobody.
func NewMemory() *Memory {
	return &Memory{releases: map[string]*release{}, places: map[place][]*release{}, digests: map[string]int{}, recalled: map[string]bool{}, known: map[place]acquaintance{}, orders: newOrders()}
}

// Remember files a Release object, in place of what was known of that name.
// An update that changes no evidence keeps what is known.
func (m *Memory) Remember(object *kube.Release) {
	m.meet(object.Spec, object.CreationTimestamp.Time, object.Status.Workloads > 0)
	m.file(object.Name, object.Spec, pack(object.Spec.Envelopes))
}

// recall files a release that lay in the store. It is dropped when the cluster
// has told all of its releases, and not this one.
func (m *Memory) recall(name string, spec kube.ReleaseSpec, envelopes packed) {
	m.file(name, spec, envelopes)
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.recalled[name] = true
}

// settle drops what was recalled and is not in the cluster any more.
func (m *Memory) settle() {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for name := range m.recalled {
		m.drop(name)
	}
	m.recalled = map[string]bool{}
	m.orders.settle()
}

// all lists every release, in no order.
func (m *Memory) all() []*release {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return slices.Collect(maps.Values(m.releases))
}

func (m *Memory) file(name string, spec kube.ReleaseSpec, envelopes packed) {
	filed := &release{
		name: name, envelopes: envelopes, place: place{spec.Environment, spec.Digest},
		subject: evidence.Subject{Name: spec.Model, Digest: evidence.Digest(spec.Digest)},
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.recalled, name)
	if known := m.releases[name]; known != nil && known.subject == filed.subject && known.place == filed.place && known.envelopes == filed.envelopes {
		return
	}
	filed.trust = m.trust.At(m.opened)
	if known := m.releases[name]; known != nil {
		filed.wanted.Store(known.wanted.Load())
	}
	m.drop(name)
	m.add(filed)
	if m.arrived != nil {
		m.arrived(filed.place)
	}
}

// tell names who is told of each place at which a release is filed. It must not
// ask the memory, which is busy.
func (m *Memory) tell(arrived func(place)) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.arrived = arrived
}

// trusted are the keys that count, and how often they have changed.
func (m *Memory) trusted() (evidence.Trust, int) {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return m.trust.At(m.opened), m.generation
}

// Forget drops a Release object.
func (m *Memory) Forget(name string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.drop(name)
}

// Trust files everything again under the keys that count from now on.
func (m *Memory) Trust(trust evidence.Trust) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.refile(trust, m.opened)
}

// Refresh files everything again when a key has begun to count, or has ceased
// to, since that was done last; or when the clock was turned back over such an
// instant.
func (m *Memory) Refresh(now time.Time) {
	if m.holds(now) {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if from, until := m.trust.Holds(m.opened); now.Before(from) || !until.IsZero() && !now.Before(until) {
		m.refile(m.trust, now)
	}
}

func (m *Memory) holds(now time.Time) bool {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	from, until := m.trust.Holds(m.opened)
	return !now.Before(from) && (until.IsZero() || now.Before(until))
}

// refile is called while mutex is held. Reviews that have found a release go on
// with it, and with the keys that counted when they began.
func (m *Memory) refile(trust evidence.Trust, now time.Time) {
	known, counted := m.releases, trust.At(now)
	m.orders.believe(counted)
	m.trust, m.opened, m.generation = trust, now, m.generation+1
	m.releases, m.places, m.digests = map[string]*release{}, map[place][]*release{}, map[string]int{}
	for _, before := range known {
		filed := &release{name: before.name, subject: before.subject, place: before.place, envelopes: before.envelopes, trust: counted}
		filed.wanted.Store(before.wanted.Load())
		m.add(filed)
	}
}

// Size is the number of Release objects.
func (m *Memory) Size() int {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return len(m.releases)
}

// Knows says whether some Release object speaks of the digest.
func (m *Memory) Knows(digest string) bool {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return m.digests[digest] > 0
}

// find lists every Release object of that environment and digest. There may
// be several; a model is admitted only if each of them is.
func (m *Memory) find(environment, digest string) []*release {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return m.places[place{environment, digest}]
}

// add indexes a release of a name that is not there. Those of one place are in
// the order of their names, in a slice of their own: reviews may be reading the
// one that was there before.
func (m *Memory) add(filed *release) {
	here := m.places[filed.place]
	at, _ := slices.BinarySearchFunc(here, filed.name, func(other *release, name string) int {
		return cmp.Compare(other.name, name)
	})
	m.places[filed.place] = slices.Insert(slices.Clip(here), at, filed)
	m.releases[filed.name] = filed
	m.digests[filed.place.digest]++
}

// drop takes a release out of the index, if it is there.
func (m *Memory) drop(name string) {
	known := m.releases[name]
	if known == nil {
		return
	}
	delete(m.releases, name)
	left := slices.DeleteFunc(slices.Clone(m.places[known.place]), func(other *release) bool { return other == known })
	if m.places[known.place] = left; len(left) == 0 {
		delete(m.places, known.place)
	}
	if m.digests[known.place.digest]--; m.digests[known.place.digest] == 0 {
		delete(m.digests, known.place.digest)
	}
}

// open verifies what is claimed of the release, with the keys that counted when
// it was filed.
func (r *release) open(ctx context.Context) evidence.Opened {
	envelopes, err := r.envelopes.unpack()
	switch {
	case err != nil:
		return evidence.Opened{Problems: []string{fmt.Sprintf("the release cannot be read: %v", err)}}
	case len(envelopes) > maxEnvelopes:
		return evidence.Opened{Problems: []string{fmt.Sprintf("the release has more than %d envelopes", maxEnvelopes)}}
	}
	return evidence.Open(ctx, r.trust, r.subject, envelopes)
}

// scanned is the serving image that the security gate looked at; none, when
// two statements disagree.
func scanned(statements []evidence.Statement) evidence.Digest {
	var images []evidence.Digest
	for _, statement := range statements {
		if statement.Measurements != nil && statement.Measurements.Gate == gates.Security {
			images = append(images, statement.Measurements.Input("image"))
		}
	}
	return agreed(images)
}

// agreed is what all values are, or else the zero value.
func agreed[T cmp.Ordered](values []T) T {
	var none T
	if len(values) == 0 || slices.Min(values) != slices.Max(values) {
		return none
	}
	return values[0]
}
