package webhook

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Court is a Judge whose policies may change while the door stands. New ones are
// compiled beside the reviews, tried, and take office in one step; whatever is
// wrong with them, the last good ones stay.
//
// Reviews read Court from many goroutines. Only one looks at the folder and
// seats, which is that of Settings: what the Admission file says of the policy
// (its digest, the names of its rules) and the policy itself change at different
// moments, and are looked at together.
type Court struct {
	shipped  fs.FS
	folder   string // with the organisation's rules; empty for none
	rooms    chan struct{}
	crew     crew
	sitting  atomic.Pointer[session]
	waiting  *judge.Judge    // compiled, and not fit to sit under the present configuration
	seen     evidence.Digest // of the folder, when it was looked at last
	tried    evidence.Digest // of the folder, when it was compiled last
	failures atomic.Uint64
	unpinned atomic.Bool // the configuration asks for another policy than sits
}

// session is a policy in office.
type session struct {
	punctual
	policy *judge.Judge
}

// PolicyDigest names the rules and thresholds of the session.
func (s *session) PolicyDigest() string { return s.policy.PolicyDigest() }

// OpenCourt compiles the shipped policies with those in the folder, if one is
// named; an error is fatal, because there is no earlier policy to keep.
func OpenCourt(ctx context.Context, shipped fs.FS, folder string) (*Court, error) {
	court := &Court{shipped: shipped, folder: folder, rooms: make(chan struct{}, rooms()), crew: make(crew)}
	policy, err := court.compile(ctx)
	if err != nil {
		return nil, fmt.Errorf("compiling the policies: %w", err)
	}
	court.swear(policy)
	return court, nil
}

func (c *Court) swear(policy *judge.Judge) {
	c.sitting.Store(&session{punctual{policy, c.rooms, c.crew}, policy})
}

// Sitting is the judge of one review, from its beginning to its end: a swap in
// the middle of it changes nothing.
func (c *Court) Sitting() Judge { return c.sitting.Load() }

// Judge asks whoever sits now.
func (c *Court) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	return c.Sitting().Judge(ctx, question)
}

// PolicyDigest names the rules and thresholds by which reviews are answered now.
func (c *Court) PolicyDigest() string { return c.sitting.Load().PolicyDigest() }

// sitting is the judge to ask during one review.
func sitting(court Judge) Judge {
	if swappable, is := court.(interface{ Sitting() Judge }); is {
		return swappable.Sitting()
	}
	return court
}

// policyOf names the policy by which a judge answers. One that names none has
// one policy only.
func policyOf(court Judge) string {
	if named, is := court.(interface{ PolicyDigest() string }); is {
		return named.PolicyDigest()
	}
	return ""
}

// candidates changes when there is another policy to choose from.
func (c *Court) candidates() string {
	if c.waiting == nil {
		return c.PolicyDigest()
	}
	return c.PolicyDigest() + c.waiting.PolicyDigest()
}

// seat chooses the policy for a configuration: the one that waits, if it is fit,
// and else the one that sits. The configuration is refused when it names rules
// that the chosen one does not have.
func (c *Court) seat(ctx context.Context, configuration Configuration) error {
	logger := log.FromContext(ctx)
	if c.waiting != nil {
		err := fit(ctx, c.waiting, configuration)
		if err == nil {
			logger.Info("policy changed", "policy", c.waiting.PolicyDigest(), "before", c.PolicyDigest())
			c.swear(c.waiting)
			c.waiting = nil
			c.unpinned.Store(false)
			return nil
		}
		c.failures.Add(1)
		logger.Error(err, "keeping the last good policy", "policy", c.PolicyDigest(), "refused", c.waiting.PolicyDigest())
	}
	policy := c.sitting.Load().policy
	if err := suits(policy, configuration); err != nil {
		return err
	}
	err := named(policy, configuration)
	if c.unpinned.Store(err != nil); err != nil {
		logger.Error(err, "keeping the last good policy", "policy", c.PolicyDigest())
	}
	return nil
}

// open is seat at the start, when no policy has been good yet.
func (c *Court) open(ctx context.Context, configuration Configuration) error {
	return fit(ctx, c.sitting.Load().policy, configuration)
}

// fit says why a policy may not sit under a configuration, or nil.
func fit(ctx context.Context, policy *judge.Judge, configuration Configuration) error {
	if err := errors.Join(named(policy, configuration), suits(policy, configuration)); err != nil {
		return err
	}
	for _, profile := range slices.Sorted(maps.Values(configuration.Profiles)) {
		if err := rehearse(ctx, policy, profile); err != nil {
			return fmt.Errorf("policy %s, asked by the profile %s: %w", policy.PolicyDigest(), profile, err)
		}
	}
	return nil
}

// named compares the policy with the one that the configuration asks for.
func named(policy *judge.Judge, configuration Configuration) error {
	if pin := configuration.Policy; pin != "" && string(pin) != policy.PolicyDigest() {
		return fmt.Errorf("the Admission file asks for policy %s, this is %s\nhint: assay-webhook --policies FOLDER --print-policy", pin, policy.PolicyDigest())
	}
	return nil
}

// suits compares its rules with those that the configuration names.
func suits(policy *judge.Judge, configuration Configuration) error {
	for _, environment := range slices.Sorted(maps.Keys(configuration.Modes)) {
		if err := configuration.Modes[environment].check(policy); err != nil {
			return fmt.Errorf("environments: %s: %w", environment, err)
		}
	}
	return nil
}

// rehearsalTime is for one question of a rehearsal, and many times what one takes.
const rehearsalTime = 2 * time.Second

// rehearse asks what every policy must deny: a model of which nothing is known,
// and a workload that uses it. It must say so in time.
func rehearse(ctx context.Context, policy *judge.Judge, profile string) error {
	nothing := evidence.Subject{Name: "rehearsal", Digest: evidence.Sum(nil)}
	used := judge.Workload{Kind: "Pod", Models: []judge.ModelUse{{Name: nothing.Name, Digest: string(nothing.Digest), How: "image_volume"}}}
	for _, question := range []judge.Question{{Model: &judge.Model{Release: nothing}}, {Workload: &used}} {
		question.Environment, question.Profile, question.Time = "rehearsal", profile, time.Unix(0, 0)
		ctx, cancel := context.WithTimeoutCause(ctx, rehearsalTime, fmt.Errorf("no answer in %s", rehearsalTime))
		verdict, err := punctual{policy, make(chan struct{}, 1), nil}.Judge(ctx, question)
		cancel()
		if err != nil {
			return err
		}
		if verdict.Allowed() {
			return errors.New("it admits a model of which there is no evidence")
		}
	}
	return nil
}

var (
	infoMetric = prometheus.NewDesc("assay_policy_info", "The policy by which reviews are answered, by digest; pinned is false while the Admission file asks for another.",
		[]string{"digest", "pinned"}, nil)
	failuresMetric = prometheus.NewDesc("assay_policy_reload_failures_total", "Policies that were not taken into office.", nil, nil)
)

// Describe names the metrics of the court.
func (c *Court) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- infoMetric
	descriptions <- failuresMetric
}

// Collect tells which policy sits.
func (c *Court) Collect(collected chan<- prometheus.Metric) {
	collected <- prometheus.MustNewConstMetric(infoMetric, prometheus.GaugeValue, 1, c.PolicyDigest(), fmt.Sprint(!c.unpinned.Load()))
	collected <- prometheus.MustNewConstMetric(failuresMetric, prometheus.CounterValue, float64(c.failures.Load()))
}
