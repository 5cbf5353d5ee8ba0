package controller

import (
	"context"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// Poll lists the open pull requests of a repository, and hands on those that
// have moved: the safety net below webhooks, which get lost. A list that has not
// changed costs a forge nothing, since its answers are asked for by ETag.
type Poll struct {
	sites *sites
	clock forge.Clock
	pulls *Pulls
	seen  *memory[name, map[int64]glance]
	queue feed[name]
}

// glance is what a list says of a pull request, and when that was looked into.
type glance struct {
	head, base string
	at         time.Time
}

// Reconcile looks at the list, and comes back after the interval.
func (p *Poll) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	at := request.NamespacedName
	repository, err := p.sites.find(ctx, at)
	if repository == nil || err != nil || repository.Spec.Suspend || repository.Spec.Forge == nil {
		p.seen.forget(at)
		p.pulls.list.forget(at)
		return ctrl.Result{}, err
	}
	listed, err := p.list(ctx, repository)
	if err != nil {
		// The merged branch's reconciler tells of what concerns the whole repository.
		log.FromContext(ctx).Error(err, "the pull requests could not be listed")
		return ctrl.Result{RequeueAfter: diagnose(err).again(p.clock.Now())}, nil
	}
	p.hand(at, listed)
	return ctrl.Result{RequeueAfter: around(at, repository.Spec.Interval.Duration)}, nil
}

func (p *Poll) list(ctx context.Context, repository *kube.Repository) ([]forge.PullRequest, error) {
	open, err := p.sites.of(ctx, repository)
	if err != nil || open.talk == nil {
		return nil, err
	}
	listed, err := open.talk.Open(ctx)
	if err != nil {
		return nil, err
	}
	return listed, p.pulls.list.keep(ctx, client.ObjectKeyFromObject(repository), listed)
}

// hand puts into the queue what moved since the last list, on either side; what
// has not been looked into for long, since evidence ages; and what is open no
// more, so that its merge is noticed.
func (p *Poll) hand(at name, listed []forge.PullRequest) {
	before, _ := p.seen.get(at)
	now := p.clock.Now()
	after := map[int64]glance{}
	for _, one := range listed {
		last := before[one.Number]
		moved := last.head != one.Head || last.base != one.BaseCommit
		if moved || now.Sub(last.at) > anew {
			p.pulls.news(pull{at, one.Number}, one.Head)
			last = glance{one.Head, one.BaseCommit, now}
		}
		after[one.Number] = last
	}
	for number := range before {
		if _, open := after[number]; !open {
			p.pulls.news(pull{at, number}, "")
		}
	}
	p.seen.put(at, after)
}
