package simulation

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// world is everything outside of the reconciler, and who works in it.
type world struct {
	*scheduler
	t     *testing.T
	flaws flaws

	git       *objects
	registry  registry
	log       *auditLog
	cluster   client.WithWatch // the API server that the reconciler speaks to
	forge     *place
	hooks     []hook // deliveries that are on their way
	processes []*reconciler
	disks     int

	pulls   int64
	decided time.Time       // when what is pushed now was decided
	asOf    time.Time       // when what is merged now was decided
	kept    map[string]bool // recipes whose model lies on a disk: nobody trains them again
	tips    []string        // that main has had
	changes int             // of what is outside
	acts    int             // that people still have in mind
	wrong   []string        // invariants that did not hold
}

var (
	errFault = errors.New("the network or the server failed")
	errEnded = errors.New("the process has ended")
)

// trace is what happened, in order.
type trace struct {
	started time.Time
	lines   []string
}

func (t *trace) add(format string, values ...any) {
	t.lines = append(t.lines, fmt.Sprintf("%4d %9s ", len(t.lines)+1, time.Since(t.started).Round(time.Second))+fmt.Sprintf(format, values...))
}

// newWorld has a promotion repository, and nobody who looks at it yet.
func newWorld(t *testing.T, seed uint64, flaws flaws) *world {
	time.Sleep(time.Until(beginning)) // a bubble begins in the year 2000
	chance := rand.New(rand.NewPCG(seed, 0))
	w := &world{
		scheduler: &scheduler{chance: chance, trace: &trace{started: time.Now()}}, t: t, flaws: flaws,
		git: newObjects(flaws), registry: registry{}, log: &auditLog{},
		kept: map[string]bool{}, acts: 5 + chance.IntN(10),
	}
	w.cluster = newCluster(t)
	w.forge = newPlace(w)
	w.git.moved = w.refMoved
	first := w.git.write(nil, catalogue(), "founder@example.org", "the first promotions", time.Now())
	w.git.force(mainline, first)
	return w
}

var beginning = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// change counts: a world that is at rest changes no more.
func (w *world) change() { w.changes++ }

// violated notes an invariant that does not hold; the seed is over.
func (w *world) violated(format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	w.wrong = append(w.wrong, text)
	w.trace.add("VIOLATED: %s", text)
}

// refMoved looks at what every move of a ref did.
func (w *world) refMoved(ref, before, after string) {
	w.change()
	w.trace.add("  git: %s is at %.7s, was %.7s", ref, after, before)
	if !w.forge.mending {
		w.forge.SetBranch(ref, after)
	}
	switch {
	case ref == mainline:
		w.tips = append(w.tips, after)
		w.hooks = append(w.hooks, hook{event: "push"})
	case strings.HasPrefix(ref, "env/"):
		w.delivered(strings.TrimPrefix(ref, "env/"), before, after)
	}
}

// disk is where one reconciler keeps its ledger; several lives share it.
type disk struct {
	number int
	dir    string
}

func (w *world) newDisk() *disk {
	w.disks++
	return &disk{w.disks, w.memory()}
}

// memory is a folder in the machine's memory where it has one: a ledger is many
// small files, and none of them is to outlive the seed.
func (w *world) memory() string {
	const shared = "/dev/shm"
	if info, err := os.Stat(shared); err != nil || !info.IsDir() {
		return w.t.TempDir()
	}
	folder, err := os.MkdirTemp(shared, "assay-simulation-")
	if err != nil {
		return w.t.TempDir()
	}
	w.t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func (d *disk) key(recipe promotion.Recipe) string {
	return fmt.Sprint(d.number, recipe.Name, recipe.Features, recipe.Trainer.Seed)
}

func (w *world) empty(on *disk) {
	if err := os.RemoveAll(on.dir); err != nil {
		w.violated("a disk cannot be emptied: %v", err)
	}
}

// trains is told when somebody has decided to train. Two may have at once.
func (w *world) trains(on *disk, recipe promotion.Recipe) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept[on.key(recipe)] {
		w.violated("%s is trained again by a recipe whose model lies on the disk", recipe.Name)
	}
}

// keeps is told when a training has ended well: nothing can keep its model out
// of the ledger now.
func (w *world) keeps(on *disk, recipe promotion.Recipe) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept[on.key(recipe)] = true
}
