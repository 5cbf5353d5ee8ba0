package webhook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// pane is one BreakGlass object. It is verified once, when a workload asks for
// its model: whoever floods a cluster with such objects makes nobody verify them.
type pane struct {
	spec  kube.BreakGlassSpec
	trust evidence.Trust // the keys that counted when it was filed

	opening   sync.Once
	glass     judge.Glass
	wrong     error
	expires   time.Time
	inspected atomic.Bool // what is wrong with it has been logged
}

const (
	maxGlassEnvelope = 64 << 10 // bytes, as the CRD says; a cluster may have installed another
	maxPanes         = 256      // of one digest
)

// open says what the pane proves. The fields beside the envelope must say the
// same: people read those.
func (p *pane) open(ctx context.Context) (judge.Glass, error) {
	p.opening.Do(func() { p.glass, p.wrong = p.verify(context.WithoutCancel(ctx)) })
	return p.glass, p.wrong
}

func (p *pane) verify(ctx context.Context) (judge.Glass, error) {
	envelope := evidence.Envelope(p.spec.Envelope)
	if len(envelope) > maxGlassEnvelope {
		return judge.Glass{}, fmt.Errorf("its envelope is larger than %d bytes", maxGlassEnvelope)
	}
	statement, err := p.trust.Verify(ctx, envelope)
	if err != nil {
		return judge.Glass{}, err
	}
	said := statement.Glass
	if said == nil {
		return judge.Glass{}, fmt.Errorf("it is a %s", statement.PredicateType)
	}
	signed := kube.BreakGlassSpec{
		Model: statement.Subject.Name, Digest: string(statement.Subject.Digest),
		Environment: said.Environment, Namespace: said.Namespace, Envelope: p.spec.Envelope,
	}
	if signed != p.spec {
		return judge.Glass{}, errors.New("its fields say another thing than what is signed")
	}
	issued, expires, err := said.Span()
	if err != nil {
		return judge.Glass{}, err
	}
	p.expires = expires
	statement.By.Email = strings.ToLower(statement.By.Email)
	return judge.Glass{
		Bundle: string(envelope.Digest()), Model: signed.Model, Digest: signed.Digest, Environment: said.Environment, Namespace: said.Namespace,
		Reason: quoted(said.Reason, maxLine), Ticket: quoted(said.Ticket, maxName), Until: said.Expires,
		Issued: strconv.FormatInt(issued.Unix(), 10), Expires: strconv.FormatInt(expires.Unix(), 10), By: statement.By,
	}, nil
}

// broken lists every break-glass that a trusted key has signed for one of the
// models: at most maxOrders, those that last longest first, each once. Whether it
// counts is for the rules to say.
func (o *orders) broken(ctx context.Context, models []judge.ModelUse) []judge.Glass {
	var panes []*pane
	seen := map[string]bool{}
	for _, use := range models {
		names := o.panes.names(use.Digest)
		for _, name := range names[:min(len(names), maxPanes)] {
			one := o.panes.objects[name]
			if glass, err := one.open(ctx); err == nil && !seen[glass.Bundle] {
				seen[glass.Bundle] = true
				panes = append(panes, one)
			}
		}
	}
	slices.SortStableFunc(panes, func(a, b *pane) int {
		return cmp.Or(b.expires.Compare(a.expires), cmp.Compare(a.glass.Bundle, b.glass.Bundle))
	})
	var found []judge.Glass
	for _, one := range panes[:min(len(panes), maxOrders)] {
		found = append(found, one.glass)
	}
	return found
}

// inspect tells of every break-glass that arrives, and of what is wrong with it.
func (o *orders) inspect(ctx context.Context) {
	for name, one := range o.uninspected() {
		glass, err := one.open(ctx)
		one.inspected.Store(true)
		logger := log.FromContext(ctx).WithValues("name", name, "subject", one.spec.Model+"@"+one.spec.Digest,
			"environment", one.spec.Environment, "namespace", one.spec.Namespace)
		if err != nil {
			logger.Error(err, "a break-glass is not believed")
			continue
		}
		logger.Info("break-glass", "bundle", glass.Bundle, "until", glass.Until, "by", glass.By.Name)
	}
}

func (o *orders) uninspected() map[string]*pane {
	o.mutex.RLock()
	defer o.mutex.RUnlock()
	left := map[string]*pane{}
	for name, one := range o.panes.objects {
		if !one.inspected.Load() {
			left[name] = one
		}
	}
	return left
}
