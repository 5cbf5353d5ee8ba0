package webhook

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Memory is the evidence that has arrived in the cluster, verified once on
// arrival. A review only reads it, so admission asks no registry.
//
// Nothing in a Release object is believed but what a trusted signature proves.
// Its digest and environment only say under which question the evidence is
// looked up; the judge compares both with what was signed.
type Memory struct {
	writing  sync.Mutex // held while signatures are verified, so that reads never wait for that
	mutex    sync.RWMutex
	trust    evidence.Trust
	opened   time.Time           // the instant whose keys counted
	releases map[string]*release // by the name of the Release object
	places   map[place][]*release
	digests  map[string]int // how many objects speak of a digest
}

// place is where a model is looked up.
type place struct{ environment, digest string }

// release is one Release object, opened. It never changes, except that it
// remembers what the judge said of it: a memo ends with the evidence and the
// trust from which it was made.
type release struct {
	name     string // of the Release object
	spec     kube.ReleaseSpec
	subject  evidence.Subject
	evidence evidence.Opened
	image    evidence.Digest // the serving image that the security gate scanned
	memo     memo
}

func (r *release) place() place { return place{r.spec.Environment, r.spec.Digest} }

// maxEnvelopes is the bound of the CRD; a cluster may have installed another.
const maxEnvelopes = 32

// NewMemory remembers nothing and trusts nobody.
func NewMemory() *Memory {
	return &Memory{releases: map[string]*release{}, places: map[place][]*release{}, digests: map[string]int{}}
}

// Remember opens a Release object, in place of what was known of that name.
// An update that changes no evidence keeps what is known.
func (m *Memory) Remember(ctx context.Context, object *kube.Release) {
	m.writing.Lock()
	defer m.writing.Unlock()
	if known := m.releases[object.Name]; known != nil && sameSpec(known.spec, object.Spec) {
		return
	}
	opened := open(ctx, m.trust.At(m.opened), object.Name, object.Spec)
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.drop(object.Name)
	m.add(opened)
}

// Forget drops a Release object.
func (m *Memory) Forget(name string) {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.drop(name)
}

// Trust opens everything again with the keys that count from now on.
func (m *Memory) Trust(ctx context.Context, trust evidence.Trust) {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.reopen(ctx, trust, m.opened)
}

// Refresh opens everything again when a key has begun to count, or has ceased
// to, since that was done last; or when the clock was turned back over such an
// instant.
func (m *Memory) Refresh(ctx context.Context, now time.Time) {
	if m.holds(now) {
		return
	}
	m.writing.Lock()
	defer m.writing.Unlock()
	if !m.holds(now) {
		m.reopen(ctx, m.trust, now)
	}
}

func (m *Memory) holds(now time.Time) bool {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	from, until := m.trust.Holds(m.opened)
	return !now.Before(from) && (until.IsZero() || now.Before(until))
}

// reopen is called while writing is held.
func (m *Memory) reopen(ctx context.Context, trust evidence.Trust, now time.Time) {
	again := make([]*release, 0, len(m.releases))
	for name, known := range m.releases {
		again = append(again, open(ctx, trust.At(now), name, known.spec))
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.trust, m.opened = trust, now
	m.releases, m.places, m.digests = map[string]*release{}, map[place][]*release{}, map[string]int{}
	for _, opened := range again {
		m.add(opened)
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
func (m *Memory) add(opened *release) {
	here := m.places[opened.place()]
	at, _ := slices.BinarySearchFunc(here, opened.name, func(other *release, name string) int {
		return cmp.Compare(other.name, name)
	})
	m.places[opened.place()] = slices.Insert(slices.Clip(here), at, opened)
	m.releases[opened.name] = opened
	m.digests[opened.spec.Digest]++
}

// drop takes a release out of the index, if it is there.
func (m *Memory) drop(name string) {
	known := m.releases[name]
	if known == nil {
		return
	}
	delete(m.releases, name)
	left := slices.DeleteFunc(slices.Clone(m.places[known.place()]), func(other *release) bool { return other == known })
	if m.places[known.place()] = left; len(left) == 0 {
		delete(m.places, known.place())
	}
	if m.digests[known.spec.Digest]--; m.digests[known.spec.Digest] == 0 {
		delete(m.digests, known.spec.Digest)
	}
}

func open(ctx context.Context, trust evidence.Trust, name string, spec kube.ReleaseSpec) *release {
	opened := &release{
		name:    name,
		spec:    spec,
		subject: evidence.Subject{Name: spec.Model, Digest: evidence.Digest(spec.Digest)},
	}
	if len(spec.Envelopes) > maxEnvelopes {
		opened.evidence.Problems = []string{fmt.Sprintf("the release has more than %d envelopes", maxEnvelopes)}
		return opened
	}
	var envelopes []evidence.Envelope
	for _, envelope := range spec.Envelopes {
		envelopes = append(envelopes, evidence.Envelope(envelope))
	}
	opened.evidence = evidence.Open(ctx, trust, opened.subject, envelopes)
	opened.image = scanned(opened.evidence.Statements)
	return opened
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

func sameSpec(a, b kube.ReleaseSpec) bool {
	return a.Model == b.Model && a.Environment == b.Environment && a.Digest == b.Digest &&
		slices.Equal(a.Envelopes, b.Envelopes)
}
