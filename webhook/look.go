package webhook

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// What the audit asks of the door: it sees what is in the cluster already as the
// door sees what is created, and it asks the same judge about another instant.

// Filed is a Release object as the memory holds it. It equals what the memory
// tells later until its evidence has changed, or the keys that count.
type Filed struct{ release *release }

// Name is that of the Release object.
func (f Filed) Name() string { return f.release.name }

// Spec is what the object claims, without its envelopes.
func (f Filed) Spec() kube.ReleaseSpec { return f.release.spec() }

// Filed lists every Release object, in no order.
func (m *Memory) Filed() []Filed {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	all := make([]Filed, 0, len(m.releases))
	for _, one := range m.releases {
		all = append(all, Filed{one})
	}
	return all
}

// At lists the Release objects that speak of a digest in an environment.
func (m *Memory) At(environment, digest string) []Filed {
	var all []Filed
	for _, one := range m.find(environment, digest) {
		all = append(all, Filed{one})
	}
	return all
}

// TrustChanges are the instants after from and until the other at which a key
// begins or ceases to count, at most limit of them.
func (m *Memory) TrustChanges(from, until time.Time, limit int) []time.Time {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	var changes []time.Time
	for len(changes) < limit {
		_, next := m.trust.Holds(from)
		if next.IsZero() || next.After(until) {
			break
		}
		changes, from = append(changes, next), next
	}
	return changes
}

// Foresee is what the judge will say of a release at another instant, with the
// keys that count then, if nothing else arrives. Nothing of it is remembered.
func (d Door) Foresee(ctx context.Context, of Filed, profile string, at time.Time) (gates.Verdict, error) {
	then := release{subject: of.release.subject, place: of.release.place, envelopes: of.release.envelopes, trust: d.Memory.trustAt(at)}
	verdict, err := d.Court.Judge(ctx, judge.Question{
		Environment: then.place.environment, Profile: profile, Time: at,
		Model: &judge.Model{Release: then.subject, Evidence: then.open(ctx)},
	})
	if err != nil {
		return gates.Verdict{}, fmt.Errorf("judging %s as of %s: %w", then.subject, at.UTC().Format(time.RFC3339), err)
	}
	return verdict, nil
}

func (m *Memory) trustAt(at time.Time) evidence.Trust {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return m.trust.At(at)
}

// MemoLife is how long the door goes by what the judge said of a release.
const MemoLife = memoLife

// Quoted is a text of others on one line of at most limit bytes.
func Quoted(text string, limit int) string { return quoted(text, limit) }

// Orders changes whenever a quarantine, a freeze or a break-glass does.
func (m *Memory) Orders() evidence.Digest {
	m.orders.mutex.RLock()
	defer m.orders.mutex.RUnlock()
	var told strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.orders.quarantines.objects)) {
		fmt.Fprintf(&told, "%q %q\n", name, m.orders.quarantines.objects[name])
	}
	for _, name := range m.orders.freezes.names(everything) {
		fmt.Fprintf(&told, "%q %q %s\n", name, m.orders.freezes.objects[name].spec, m.orders.freezes.objects[name].begun)
	}
	for _, name := range slices.Sorted(maps.Keys(m.orders.panes.objects)) {
		fmt.Fprintf(&told, "%q %q\n", name, m.orders.panes.objects[name].spec)
	}
	return evidence.Sum([]byte(told.String()))
}

// Quarantined lists the quarantines of a digest in an environment.
func (m *Memory) Quarantined(environment, digest string) []judge.Quarantine {
	m.orders.mutex.RLock()
	defer m.orders.mutex.RUnlock()
	return m.orders.quarantined(environment, digest)
}

// Glasses lists what every BreakGlass object claims. Nothing of it is verified.
func (m *Memory) Glasses() []kube.BreakGlassSpec {
	m.orders.mutex.RLock()
	defer m.orders.mutex.RUnlock()
	var claimed []kube.BreakGlassSpec
	for _, name := range slices.Sorted(maps.Keys(m.orders.panes.objects)) {
		claimed = append(claimed, m.orders.panes.objects[name].spec)
	}
	return claimed
}
