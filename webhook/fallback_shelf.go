package webhook

import (
	"context"
	"errors"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// What was fetched is asked for again after a while, because a registry tells of
// no change; that there was nothing, or no answer, much sooner.
const (
	fetchedLife = 10 * time.Minute
	missedLife  = 10 * time.Second
	maxFetched  = 128       // releases
	maxMissed   = 1024      // questions without evidence
	maxEvidence = 512 << 10 // bytes of one release, as it is packed
)

// ask is the question that another review has asked, or a new one; nil when there
// are too many.
func (f *Fallback) ask(from origin) *inquiry {
	trust, generation := f.memory.trusted()
	f.mutex.Lock()
	defer f.mutex.Unlock()
	now := f.clock()
	if known := f.asked[from]; known != nil {
		if known.underway() || known.generation == generation && now.Before(known.until) {
			known.used = now
			return known
		}
		delete(f.asked, from)
	}
	if f.underway == maxFetches || f.life.Err() != nil || !f.pace.TryAccept() {
		return nil
	}
	asked := &inquiry{done: make(chan struct{}), generation: generation, used: now}
	f.asked[from] = asked
	f.underway++
	go f.fetch(from, asked, trust)
	return asked
}

func (i *inquiry) underway() bool {
	select {
	case <-i.done:
		return false
	default:
		return true
	}
}

// read makes a release of what a repository holds.
func (f *Fallback) read(ctx context.Context, from origin, trust evidence.Trust) (*release, error) {
	envelopes, err := f.registry.Referrers(ctx, from.repository, evidence.Digest(from.digest))
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	named := evidence.Subject{Name: subject.ModelName(from.repository), Digest: evidence.Digest(from.digest)}
	texts := about(ctx, from.environment, trust, envelopes)
	if len(texts) == 0 {
		return nil, nil
	}
	made := &release{name: from.repository, subject: named, place: from.place, trust: trust, envelopes: pack(texts)}
	if len(made.envelopes) > maxEvidence {
		return nil, errors.New("it holds more evidence than a Release could")
	}
	return made, nil
}

// about leaves out what a Release object of the environment would not hold: what
// was measured or waived for another environment, and the reports and bills of
// materials that a gate has measured already. A registry keeps them all. What is not believed stays, and
// keeps the door shut.
func about(ctx context.Context, environment string, trust evidence.Trust, envelopes []evidence.Envelope) []string {
	var texts []string
	for _, envelope := range envelopes {
		said, err := trust.Verify(ctx, envelope)
		switch {
		case err != nil && !errors.Is(err, evidence.ErrForeign):
		case err != nil, said.Scan != nil, said.Components != nil:
			continue
		case said.Measurements != nil && said.Measurements.Environment != environment:
			continue
		case said.Waiver != nil && said.Waiver.Environment != environment:
			continue
		}
		texts = append(texts, string(envelope))
	}
	return texts
}

// settle files an answer, and lets go of the one of its kind that was used longest ago.
func (f *Fallback) settle(from origin, asked *inquiry) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	outcome, life, limit := fetchAbsent, missedLife, maxMissed
	switch {
	case asked.err != nil:
		outcome = fetchFailed
	case asked.release != nil:
		outcome, life, limit = fetchFound, fetchedLife, maxFetched
	}
	f.counted.WithLabelValues(outcome).Inc()
	asked.until = f.clock().Add(life)
	f.underway--
	close(asked.done)
	if asked.left {
		delete(f.asked, from)
	}
	f.trim(asked.release != nil, limit)
}

// trim looks at answers of one kind only, so that a flood of questions about
// nothing costs nobody a release.
func (f *Fallback) trim(fetched bool, limit int) {
	var oldest origin
	var found *inquiry
	count := 0
	for from, known := range f.asked {
		if known.underway() || (known.release != nil) != fetched {
			continue
		}
		if count++; found == nil || known.used.Before(found.used) {
			oldest, found = from, known
		}
	}
	if count > limit {
		delete(f.asked, oldest)
	}
}

// leave forgets what was fetched of a place, and that there was nothing: a Release
// object of it has arrived.
func (f *Fallback) leave(at place) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for from, known := range f.asked {
		switch {
		case from.place != at:
		case known.underway():
			known.left = true
		default:
			delete(f.asked, from)
		}
	}
}
