package simulation

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/controller"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

// reconciler is one life of the system under test, made of nothing but what is
// outside of it.
type reconciler struct {
	*process
	world       *world
	workshop    *workshop
	controllers *controller.Controllers
	talk        *conversation.Conversation
	receiver    *forge.Receiver
	due         map[string]time.Time // what a queue holds: keys, and when they are due
	looked      map[string]int       // at which change of the world a key was looked at last
	seen        map[int64]glance     // pull requests as they were listed last
	job         *job
}

// job is a worker that is busy with a key. There is one worker: code under test
// holds locks while it waits for an effect, and who waits for a lock has not
// come to a stop that a scheduler could see. Two lives at once race instead.
type job struct {
	key     string
	began   time.Time
	changes int // of the world, when it began
	done    bool
	after   time.Duration
}

const (
	merged  = "merged" // the key of the Repository
	polling = "poll"   // of the list of its pull requests
	failing = 10 * time.Second
	anew    = 10 * time.Minute // evidence ages
	never   = time.Duration(-1)
)

// glance is what a list said of a pull request, and when that was looked into.
type glance struct {
	head, base string
	at         time.Time
}

func pullKey(number int64) string { return fmt.Sprintf("pull %d", number) }

// start begins a life on a disk.
func (w *world) start(on *disk) *reconciler {
	lives := len(w.processes) + 1
	life := &reconciler{
		process: newProcess(lives, w.scheduler), world: w,
		due: map[string]time.Time{merged: time.Now(), polling: time.Now()}, looked: map[string]int{}, seen: map[int64]glance{},
	}
	if w.flaws.ledgerLost {
		w.empty(on)
	}
	w.processes = append(w.processes, life)
	w.trace.add("%s starts on disk %d", life.name(), on.number)
	life.workshop = &workshop{process: life.process, world: w, disk: on}
	clock := forge.SystemClock{} // which in a bubble is the simulation's
	speaking := w.speak(life.process)
	speaker, err := w.forge.speaker(life.process)
	if err != nil {
		w.violated("the forge cannot be opened: %v", err)
	}
	life.talk = conversation.New(speaker, checker{life.workshop}, conversation.Verdicts(filepath.Join(on.dir, "verdicts")),
		conversation.Options{Branch: mainline, Clock: time.Now, Merge: permits})
	life.controllers = controller.New(speaking, controller.Options{
		Makers: controller.Makers{
			Workshop: func(string) (controller.Workshop, error) { return life.workshop, nil },
			Conversation: func(controller.Workshop, forge.Forge, string) (controller.Conversation, error) {
				return life.talk, nil
			},
		},
		Secrets: speaking, Clock: clock, Slots: controller.NewSlots(2), Pulse: controller.NewPulse(clock),
	})
	if life.receiver, err = forge.NewReceiver(forge.Secrets{forge.GitHub: {hookSecret}}, life.hear, clock); err != nil {
		w.violated("no webhook is received: %v", err)
	}
	return life
}

// take gives a key to the worker.
func (r *reconciler) take(key string) {
	r.world.trace.add("%s: the worker takes %s", r.name(), key)
	here := &job{key: key, began: time.Now(), changes: r.world.changes}
	r.job = here
	delete(r.due, key)
	go func() {
		here.after = r.reconcile(key)
		here.done = true
	}()
}

// reconcile says when the key is due again.
func (r *reconciler) reconcile(key string) time.Duration {
	switch key {
	case merged:
		result, err := r.controllers.Merged.Reconcile(r.context, ctrl.Request{NamespacedName: watched})
		if err != nil {
			return failing
		}
		return result.RequeueAfter
	case polling:
		return r.poll()
	}
	number, err := strconv.ParseInt(strings.TrimPrefix(key, "pull "), 10, 64)
	if err != nil {
		return never
	}
	outcome, err := r.talk.Look(r.context, number)
	switch {
	case err != nil, outcome.Retry:
		return failing
	case outcome.Merged != "":
		r.enqueue(merged, 0)
	}
	return never
}

// poll hands on the pull requests that have moved on either side, or that were not
// looked into for long.
func (r *reconciler) poll() time.Duration {
	if r.world.flaws.neverPolled {
		return interval
	}
	listed, err := r.talk.Open(r.context)
	if err != nil {
		return failing
	}
	for _, pull := range listed {
		last := r.seen[pull.Number]
		if last.head != pull.Head || last.base != pull.BaseCommit || time.Since(last.at) > anew {
			r.seen[pull.Number] = glance{pull.Head, pull.BaseCommit, time.Now()}
			r.enqueue(pullKey(pull.Number), 0)
		}
	}
	return interval
}

// settle puts the key of a worker that is done back into the queue.
func (r *reconciler) settle() {
	if r.job == nil || !r.job.done {
		return
	}
	r.world.forge.notice()
	r.looked[r.job.key] = r.job.changes
	if r.job.after != never {
		r.enqueue(r.job.key, r.job.after)
	}
	r.job = nil
}

// enqueue has a key looked at, and not later than it is due already.
func (r *reconciler) enqueue(key string, after time.Duration) {
	at := time.Now().Add(after)
	if due, queued := r.due[key]; !queued || at.Before(due) {
		r.due[key] = at
	}
}
