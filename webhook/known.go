package webhook

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// acquaintance is what is remembered of a model at a place, also when its Release
// object is gone for a while: what comes back is not new.
type acquaintance struct {
	Since time.Time `json:"since"` // the age of the oldest Release object that was seen; zero where nobody knows
	Runs  bool      `json:"runs"`  // as the audit has counted last
}

// maxKnown bounds how many are remembered of which there is no Release object.
const maxKnown = 1 << 14

// meet remembers a Release object: since when it is there, as the API server says,
// which lets nobody choose that; and whether something runs it.
func (m *Memory) meet(spec kube.ReleaseSpec, created time.Time, runs bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	at := place{spec.Environment, spec.Digest}
	known := m.known[at]
	if known.Runs = runs; !created.IsZero() && (known.Since.IsZero() || created.Before(known.Since)) {
		known.Since = created
	}
	if len(m.known) >= maxKnown+len(m.places) {
		maps.DeleteFunc(m.known, func(other place, _ acquaintance) bool { return m.places[other] == nil })
	}
	m.known[at] = known
}

// knew says whether a model was at a place before an instant, or runs there. What
// runs may start again, whenever it came.
func (m *Memory) knew(at place, before time.Time) bool {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	known := m.known[at]
	return known.Runs || !known.Since.IsZero() && known.Since.Before(before)
}

// knownFile is where a Store keeps acquaintances.
const knownFile = "known.json"

// keptAcquaintance is one as the file holds it.
type keptAcquaintance struct {
	Environment string `json:"environment"`
	Digest      string `json:"digest"`
	acquaintance
}

// knownText is what the store keeps: those that it has room for, in their order.
func (m *Memory) knownText() ([]byte, error) {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	kept := make([]keptAcquaintance, 0, len(m.known))
	for at, known := range m.known {
		kept = append(kept, keptAcquaintance{at.environment, at.digest, known})
	}
	slices.SortFunc(kept, func(a, b keptAcquaintance) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Digest, b.Digest))
	})
	return json.Marshal(kept[:min(len(kept), maxKnown)])
}

// recallKnown takes in what knownText wrote.
func (m *Memory) recallKnown(text []byte) error {
	var kept []keptAcquaintance
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for _, one := range kept {
		m.known[place{one.Environment, one.Digest}] = one.acquaintance
	}
	return nil
}
