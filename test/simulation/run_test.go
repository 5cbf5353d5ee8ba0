package simulation

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const (
	stormy   = 200  // steps in which things go wrong
	patience = 2000 // steps within which everything must have come to rest after that
)

// run lets the seed play: a storm, in which people act and everything fails now
// and then, and a calm, in which all must come true. What is due seldom is due
// once more in the calm, since evidence ages.
func (w *world) run() {
	w.start(w.newDisk())
	for step := 0; step < stormy && len(w.wrong) == 0; step++ {
		w.step(append(w.work(w.weather), w.storm()...))
	}
	w.trace.add("the storm is over")
	w.hooks = nil
	for len(w.living()) > 1 {
		w.end(w.living()[0].process)
	}
	w.rest()
	for calm := false; !calm && len(w.wrong) == 0; {
		calm = !w.turned(time.Now().Add(-anew)) // who looked before a freeze turned looks again in a while
		w.pass(anew + interval)
		w.rest()
	}
	if len(w.wrong) == 0 {
		w.settled()
	}
	for _, life := range w.processes {
		w.end(life.process)
	}
}

// turned reports whether a freeze of main has begun or ended since, or is yet to.
func (w *world) turned(since time.Time) bool {
	tip := w.git.commits[w.git.refs[mainline]]
	for name := range under(tip.files, "freezes") {
		var order v1alpha1.Freeze
		if !decode(tip.tree, "freezes/"+name, &order) {
			continue
		}
		if until, err := time.Parse(time.RFC3339, order.Spec.Until); err == nil && until.After(since) {
			return true
		}
	}
	return false
}

// step is one thing that happens.
func (w *world) step(choices []choice[func()]) {
	if len(choices) == 0 {
		w.pass(w.untilDue())
		return
	}
	pick(w.chance, choices)()
}

// work is what the living may do next: the effects before which they have
// stopped, and the keys that are due.
func (w *world) work(weather func() fate) []choice[func()] {
	var choices []choice[func()]
	for _, one := range w.quiet() {
		choices = append(choices, choice[func()]{one.process.pace, func() { w.let(one, weather()) }})
	}
	for _, life := range w.living() {
		life.settle()
		for _, key := range sortedKeys(life.due) {
			if life.job == nil && !life.due[key].After(time.Now()) {
				choices = append(choices, choice[func()]{10, func() { life.take(key) }})
			}
		}
	}
	return choices
}

// weather is how an effect goes while there is a storm.
func (w *world) weather() fate {
	return pick(w.chance, []choice[fate]{{90, fine}, {3, refused}, {2, lost}, {1, crashBefore}, {1, crashAfter}})
}

// storm is what comes from elsewhere: people, webhooks, the machine, time. People
// are most of all in the way when somebody is about to move a ref.
func (w *world) storm() []choice[func()] {
	choices := []choice[func()]{{2, func() { w.pass(time.Duration(w.chance.IntN(90)) * time.Second) }}}
	if w.acts > 0 {
		choices = append(choices, choice[func()]{5 + 20*w.tempting(), func() { w.acts--; w.act() }})
	}
	for _, one := range w.waiting {
		if found := pullPath.FindStringSubmatch(one.effect); found != nil {
			number, _ := strconv.ParseInt(found[1], 10, 64)
			choices = append(choices, choice[func()]{100, func() { w.pushTo(number) }})
		}
	}
	for at := range w.hooks {
		choices = append(choices, choice[func()]{1, func() { w.lose(at) }})
		for _, life := range w.living() {
			choices = append(choices, choice[func()]{4, func() { w.deliver(at, life) }})
		}
	}
	switch lives := w.living(); len(lives) {
	case 0:
		choices = append(choices, choice[func()]{10, func() { w.start(w.anyDisk()) }})
	case 1: // a new leader, and the old one does not know it yet
		choices = append(choices, choice[func()]{1 + 5*w.tempting(), func() { w.start(w.anyDisk()) }})
	default:
		choices = append(choices, choice[func()]{1, func() { w.end(lives[0].process) }})
	}
	return choices
}

// tempting counts those who are about to move a ref.
func (w *world) tempting() int {
	count := 0
	for _, one := range w.waiting {
		if strings.Contains(one.effect, "git: push") || strings.HasSuffix(one.effect, "/merge") {
			count++
		}
	}
	return count
}

func (w *world) living() []*reconciler {
	return slices.DeleteFunc(slices.Clone(w.processes), func(life *reconciler) bool { return life.ended })
}

func (w *world) pass(wait time.Duration) {
	w.trace.add("%s pass", wait)
	time.Sleep(wait)
}

// untilDue is how long nothing happens by itself.
func (w *world) untilDue() time.Duration {
	wait := interval
	for _, life := range w.living() {
		if life.job != nil { // it sleeps, and who knows for how long
			wait = min(wait, time.Second)
			continue
		}
		for _, at := range life.due {
			wait = min(wait, time.Until(at))
		}
	}
	return max(wait, time.Millisecond)
}

// anyDisk is mostly the one that was there before.
func (w *world) anyDisk() *disk {
	if w.chance.IntN(8) == 0 {
		return w.newDisk()
	}
	return w.processes[len(w.processes)-1].workshop.disk
}

// rest lets one life work until nothing changes any more.
func (w *world) rest() {
	if len(w.living()) == 0 {
		w.start(w.anyDisk())
	}
	for _, life := range w.living() {
		clear(life.looked)
	}
	for step := 0; len(w.wrong) == 0 && !w.resting(); step++ {
		if step > patience {
			w.violated("nothing has come to rest within %d steps", patience)
			return
		}
		w.step(w.work(func() fate { return fine }))
	}
}

// resting holds when every key was looked at since something changed.
func (w *world) resting() bool {
	if len(w.quiet()) > 0 {
		return false
	}
	for _, life := range w.living() {
		if life.settle(); life.job != nil {
			return false
		}
		for key := range life.due {
			if at, looked := life.looked[key]; !looked || at != w.changes {
				return false
			}
		}
	}
	return true
}
