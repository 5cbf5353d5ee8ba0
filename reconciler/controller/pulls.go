package controller

import (
	"context"
	"errors"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

// pull is the key of one pull request.
type pull struct {
	repository name
	number     int64
}

// Pulls looks at pull requests, one a key. It has more workers than anything
// here: nearly all of a look is waiting for a forge, or for a slot.
type Pulls struct {
	sites  *sites
	clock  forge.Clock
	pulse  *Pulse
	list   *list
	going  *runs[pull]
	heads  *memory[pull, string] // as they were told last
	queue  feed[pull]
	merged func(name) // told when one was merged
}

// Reconcile looks at one pull request.
func (p *Pulls) Reconcile(ctx context.Context, key pull) (ctrl.Result, error) {
	defer p.pulse.begin()()
	repository, err := p.sites.find(ctx, key.repository)
	if repository == nil || err != nil || repository.Spec.Suspend || repository.Spec.Forge == nil {
		return ctrl.Result{}, err
	}
	open, err := p.sites.of(ctx, repository)
	if err != nil || open.talk == nil {
		return ctrl.Result{RequeueAfter: seldom}, nil // told at the repository
	}
	head, _ := p.heads.get(key)
	under, end := p.going.begin(ctx, key, head)
	outcome, err := observeLook(under, key, func(ctx context.Context) (conversation.Outcome, error) { return open.talk.Look(ctx, key.number) })
	end()
	switch {
	case errors.Is(err, errNews):
		return ctrl.Result{RequeueAfter: time.Millisecond}, nil
	case err != nil:
		log.FromContext(ctx).Error(err, "a pull request could not be looked at", "number", key.number)
		return ctrl.Result{RequeueAfter: diagnose(err).again(p.clock.Now())}, nil
	}
	if err := p.list.note(ctx, key.repository, outcome); err != nil {
		return ctrl.Result{}, err
	}
	if outcome.Merged != "" {
		p.merged(key.repository)
	}
	if outcome.State != forge.Open {
		p.heads.forget(key)
	}
	if outcome.Retry {
		return ctrl.Result{RequeueAfter: slowly}, nil
	}
	return ctrl.Result{}, nil
}

// news puts a pull request into the queue, and ends a look at another head.
func (p *Pulls) news(key pull, head string) {
	if head != "" {
		p.heads.put(key, head)
		p.going.news(key, head)
	}
	p.queue.put(key)
}
