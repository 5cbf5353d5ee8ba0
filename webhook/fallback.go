package webhook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Referrers reads what a repository (host[:port]/path) holds about a digest,
// unverified. What implements it links a registry client, so it is given to the
// door, or is nil in one that is built without.
type Referrers interface {
	Referrers(ctx context.Context, repository string, digest evidence.Digest) ([]evidence.Envelope, error)
}

// Fallback asks a registry for evidence of which no Release object speaks. It is
// for clusters whose releases come late, and never the normal way: a review waits
// for a moment, and the question goes on without it.
//
// Only repositories of the configuration are asked, each question once for all
// reviews, and a bounded number at once and in a second: who may create a pod
// decides what is asked for, and may not make the door a hammer. A Release object
// always comes first; what was fetched of its place leaves when it arrives.
type Fallback struct {
	registry Referrers
	memory   *Memory
	settings func() Configuration
	clock    func() time.Time
	counted  *prometheus.CounterVec
	pace     flowcontrol.RateLimiter
	life     context.Context // of the questions: they outlive the review that asks

	mutex    sync.Mutex
	asked    map[origin]*inquiry
	underway int
}

// origin is a place, and the repository that is asked about it. Evidence of one
// repository says nothing about a question put to another: who can write to the
// one must not shut the door for the other.
type origin struct {
	place
	repository string
}

// inquiry is one question to a registry. Its answer is set before done is closed.
type inquiry struct {
	done       chan struct{}
	generation int      // of the trust by which the evidence was sorted
	release    *release // nil when there is no evidence
	err        error
	until      time.Time
	used       time.Time
	left       bool // a Release object has arrived meanwhile
}

const (
	fallbackBudget = time.Second             // that one review waits for all of its questions
	reserved       = 1500 * time.Millisecond // of the review, for the judge
	fetchTime      = 20 * time.Second
	maxFetches     = 4  // at once
	fetchRate      = 10 // in a second
	fetchBurst     = 32
)

// Values of the label outcome.
const (
	fetchFound   = "found"
	fetchAbsent  = "absent"
	fetchFailed  = "failed"
	fetchPending = "pending" // a review that did not wait for the answer
	fetchRefused = "refused" // a review whose question was one too many
)

// NewFallback asks a registry until the context ends. Without one there is nobody
// to ask, and no Fallback.
func NewFallback(ctx context.Context, registry Referrers, memory *Memory, settings func() Configuration, metrics prometheus.Registerer) (*Fallback, error) {
	if registry == nil {
		return nil, nil
	}
	fallback := &Fallback{
		registry: registry, memory: memory, settings: settings, clock: time.Now, life: ctx,
		counted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "assay_fallback_total", Help: "Questions to a registry by their answer, and reviews that got none.",
		}, []string{"outcome"}),
		pace:  flowcontrol.NewTokenBucketRateLimiter(fetchRate, fetchBurst),
		asked: map[origin]*inquiry{},
	}
	memory.tell(fallback.leave)
	return fallback, metrics.Register(fallback.counted)
}

// begin asks all that a workload will need, so that its questions wait together.
func (f *Fallback) begin(environment string, uses []judge.ModelUse) {
	for _, use := range uses {
		if from, is := f.originOf(environment, use); is && len(f.memory.find(environment, use.Digest)) == 0 {
			f.ask(from)
		}
	}
}

// find gives a release made of what a registry holds, or none. It fails while
// that is not known.
func (f *Fallback) find(ctx context.Context, environment string, use judge.ModelUse) ([]*release, error) {
	from, is := f.originOf(environment, use)
	if !is {
		return nil, nil
	}
	asked := f.ask(from)
	if asked == nil {
		f.counted.WithLabelValues(fetchRefused).Inc()
		return nil, unanswered{digest: use.Digest}
	}
	if !asked.answered(ctx) {
		f.counted.WithLabelValues(fetchPending).Inc()
		return nil, unanswered{digest: use.Digest}
	}
	if told := f.memory.find(environment, use.Digest); len(told) > 0 {
		return told, nil
	}
	if asked.err != nil {
		return nil, unanswered{use.Digest, true}
	}
	if asked.release == nil {
		return nil, nil
	}
	return []*release{asked.release}, nil
}

// originOf is where the evidence of a use would be, when the door's configuration
// names the repository: not what merely looks like it.
func (f *Fallback) originOf(environment string, use judge.ModelUse) (origin, bool) {
	name, digest := subject.Pinned(strings.TrimPrefix(use.Reference, "oci://"))
	if digest == "" || digest != use.Digest || len(name) > maxName || !repositoryText.MatchString(name) {
		return origin{}, false
	}
	for _, repository := range f.settings().Repositories {
		if name == repository || strings.HasPrefix(name, repository+"/") {
			return origin{place{environment, digest}, name}, true
		}
	}
	return origin{}, false
}

// answered waits for the registry, but not for longer than a review can spare.
func (i *inquiry) answered(ctx context.Context) bool {
	select {
	case <-i.done:
		return true
	default:
	}
	budget := fallbackBudget
	if deadline, has := ctx.Deadline(); has {
		budget = min(budget, time.Until(deadline)-reserved)
	}
	timer := time.NewTimer(budget)
	defer timer.Stop()
	select {
	case <-i.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// fetch asks the registry and files the answer. Everything that a registry sends
// is hostile, and a panic here would end the process.
func (f *Fallback) fetch(from origin, asked *inquiry, trust evidence.Trust) {
	ctx, cancel := context.WithTimeout(f.life, fetchTime)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			asked.release, asked.err = nil, fmt.Errorf("panic: %v", cause)
		}
		if asked.err != nil {
			log.FromContext(ctx).Error(errors.New(quoted(asked.err.Error(), maxLine)), "asking a registry", "repository", from.repository, "digest", from.digest)
		}
		f.settle(from, asked)
	}()
	asked.release, asked.err = f.read(ctx, from, trust)
}

// releases are what is known of a use of a model.
func (d Door) releases(ctx context.Context, environment string, use judge.ModelUse) ([]*release, error) {
	known := d.Memory.find(environment, use.Digest)
	if len(known) > 0 || d.Fallback == nil {
		return known, nil
	}
	return d.Fallback.find(ctx, environment, use)
}
