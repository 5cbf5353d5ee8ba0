package controller

import (
	"cmp"
	"context"
	"time"

	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/health"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Workshop is a promotion repository with the tools to work on it.
type Workshop interface {
	// Tip is the commit that the branch holds now.
	Tip(ctx context.Context, branch string) (string, error)
	// Merged makes the merged truth of a branch real. States are what was
	// reached, also when there is an error.
	Merged(ctx context.Context, branch string) (commit string, states []*promotion.State, err error)
	// Delivered are the tips of the environments' branches, by their names.
	Delivered() (map[string]string, error)
}

// Watcher is implemented by a Workshop that notices when a branch loses its past.
type Watcher interface {
	// Remember says what the branches held when they were seen last, and by which
	// commits somebody has accepted what they hold now.
	Remember(last []kube.Branch, accepted string)
	// Branches are the tips to remember next.
	Branches(branch string) ([]kube.Branch, error)
}

// Planner is implemented by a Workshop that knows where releases go next.
type Planner interface {
	// Environments are those of a branch, and the clusters that serve them.
	Environments(branch string) ([]environment.Environment, error)
	// Expose says for how long releases were seen healthy.
	Expose(seen map[promotion.Pair]environment.Exposure)
	// Advance opens the pull requests that follow, each of them once.
	Advance(ctx context.Context, branch string, at forge.Forge) ([]environment.Standing, error)
	// PlainGit carries pull requests where there is no forge.
	PlainGit() forge.Git
}

// Conversation is about the pull requests of one repository.
type Conversation interface {
	// Open lists the open pull requests.
	Open(ctx context.Context) ([]forge.PullRequest, error)
	// Look looks at one, and makes what is said about it true.
	Look(ctx context.Context, number int64) (conversation.Outcome, error)
}

// Makers make what works on a repository.
type Makers struct {
	// Workshop is asked for once for each address, which may hold credentials.
	Workshop func(address string) (Workshop, error)
	// Conversation leads the pull requests into a branch; forge is nil where
	// there is none but plain git.
	Conversation func(of Workshop, at forge.Forge, branch string) (Conversation, error)
	// Health looks at what runs of the repository at this address, which holds no
	// credentials. Without it nobody looks, and no soak is earned.
	Health func(of Workshop, address string) health.Health
}

// Options say what a process works on, and with what.
type Options struct {
	Makers Makers
	// Secrets reads Secrets one by one, by their names: not from a cache, which
	// would want to list them all.
	Secrets client.Reader
	Clock   forge.Clock
	Events  events.EventRecorder
	Shard   Shard
	Slots   *Slots
	Pulse   *Pulse
	// Workers for pull requests: most of the time they wait for a forge.
	Workers int
	// Every is the interval of looks at what runs; 30 s when zero. It has to be well
	// below [environment.Gap].
	Every time.Duration
}

// Controllers are the reconcilers of one process.
type Controllers struct {
	Merged    *Merged
	Poll      *Poll
	Pulls     *Pulls
	Exposures *Exposures
	Hooks     *Hooks
	workers   int
}

// New makes the reconcilers of a process.
func New(of client.Client, options Options) *Controllers {
	sites := newSites(of, options)
	book := &book{client: of, events: options.Events, clock: options.Clock}
	merged := &Merged{
		sites: sites, book: book, clock: options.Clock, pulse: options.Pulse, slots: options.Slots,
		going: newRuns[name](), settled: newMemory[name, settled](),
	}
	pulls := &Pulls{
		sites: sites, clock: options.Clock, pulse: options.Pulse, list: &list{book: book, held: map[name][]kube.PullRequest{}},
		going: newRuns[pull](), heads: newMemory[pull, string](), merged: merged.queue.put,
	}
	poll := &Poll{sites: sites, clock: options.Clock, pulls: pulls, seen: newMemory[name, map[int64]glance]()}
	exposures := &Exposures{
		sites: sites, book: book, clock: options.Clock, every: cmp.Or(options.Every, regularly),
		known: newMemory[name, map[promotion.Pair]environment.Exposure](), rests: newMemory[name, time.Time](),
	}
	hooks := &Hooks{sites: sites, merged: merged, poll: poll, pulls: pulls}
	sites.deliver = hooks.deliver
	return &Controllers{Merged: merged, Poll: poll, Pulls: pulls, Exposures: exposures, Hooks: hooks, workers: max(options.Workers, 1)}
}

const (
	often     = time.Second      // the shortest interval between two looks, whatever a Repository asks for
	regularly = 30 * time.Second // how soon what runs is looked at again
	slowly    = 10 * time.Second // how soon what failed is tried again
	seldom    = 5 * time.Minute  // how soon what only a person can mend is looked at again
	anew      = 10 * time.Minute // how soon what has not moved is judged again: evidence ages
)

// around spreads looks: repositories that were made together are not looked at
// together for ever. The offset is a function of the name, so that it can be
// told in advance.
func around(of name, interval time.Duration) time.Duration {
	interval = max(interval, often)
	tenth := int64(interval / 10)
	return interval + time.Duration(int64(weight(0, of.String())%uint64(tenth+1)))
}
