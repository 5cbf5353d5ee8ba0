package qualify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// Options say how much is done.
type Options struct {
	Seed       uint64
	Replicates int                   // candidates of every strength
	Clean      int                   // clean candidates of every data set, no fewer
	Borderline bool                  // also the strengths that count towards nothing
	Workers    int                   // specimens at once
	Progress   func(done, total int) // called from one goroutine at a time; may be nil
}

// Small is what a test has time for: each defect once at each strength that
// counts.
func Small(seed uint64) Options { return Options{Seed: seed, Replicates: 1, Clean: 1, Workers: 2} }

// MostReplicates bounds a run: 1000 take days.
const MostReplicates = 1000

// trial is one strength of one defect, planted into one clean specimen.
type trial struct {
	defect   *Defect // nil: clean
	strength int
}

// Run qualifies this binary. An error means that it is not known whether it
// qualifies; a defect that nobody noticed is a result.
func Run(ctx context.Context, options Options) (Qualification, error) {
	if options.Replicates < 1 || options.Replicates > MostReplicates {
		return Qualification{}, fmt.Errorf("%d replicates: from 1 to %d are possible", options.Replicates, MostReplicates)
	}
	options.Clean = min(max(options.Clean, options.Replicates), 10*MostReplicates)
	court, err := judge.New(ctx, policies.FS)
	if err != nil {
		return Qualification{}, err
	}
	defects := Defects()
	if err := known(defects, court.Rules()); err != nil {
		return Qualification{}, err
	}
	dir, err := os.MkdirTemp("", "assay-qualify-")
	if err != nil {
		return Qualification{}, err
	}
	defer os.RemoveAll(dir)
	pools, err := openPools(ctx, dir)
	if err != nil {
		return Qualification{}, err
	}
	r := &run{Options: options, court: court, dir: dir, defects: defects, tally: newTally()}
	r.count(pools)
	for replicate := range options.Clean {
		for _, from := range pools {
			if err := r.replicate(ctx, from, replicate); err != nil {
				return Qualification{}, fmt.Errorf("replicate %d of %s: %w", replicate+1, from.name, err)
			}
		}
	}
	return r.qualification(ctx, pools)
}

// known refuses a defect that expects a rule which nobody has written.
func known(defects []Defect, rules []string) error {
	for _, defect := range defects {
		for _, expected := range defect.Expected {
			if !slices.Contains(rules, expected) {
				return fmt.Errorf("defect %q expects rule %s, which is not there", defect.Name, expected)
			}
		}
	}
	return nil
}

type run struct {
	Options
	court   *judge.Judge
	dir     string
	defects []Defect

	guard       sync.Mutex
	tally       *tally
	done, total int
}

// trials are what a replicate plants into the specimen of a population. The
// strengths of a defect take turns with the populations, so that few
// replicates meet all of them. Later specimens stay clean.
func (r *run) trials(name string, replicate int) []trial {
	if replicate >= r.Replicates {
		return nil
	}
	var trials []trial
	for i := range r.defects {
		defect := &r.defects[i]
		for at, strength := range defect.Strengths {
			turn := (replicate + at) % len(defect.Data)
			if defect.Data[turn] == name && (r.Borderline || !strength.Borderline) {
				trials = append(trials, trial{defect, at})
			}
		}
	}
	return trials
}

func (r *run) count(pools []*pool) {
	for replicate := range r.Clean {
		for _, from := range pools {
			r.total += 1 + len(r.trials(from.name, replicate))
		}
	}
}

// replicate draws a clean specimen, and plants each defect into a copy. The
// clean one comes first: what it has been measured by serves the others.
func (r *run) replicate(ctx context.Context, from *pool, number int) error {
	clean := from.draw(stream(r.Seed, from.name, number))
	shared := &memory{}
	if err := r.try(ctx, r.bench(0, shared), clean, number, trial{}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	waiting := make(chan trial)
	var working sync.WaitGroup
	for worker := range max(1, r.Workers) {
		desk := r.bench(worker, shared)
		working.Go(func() {
			for next := range waiting {
				if err := r.try(ctx, desk, clean, number, next); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, next := range r.trials(from.name, number) {
		select {
		case waiting <- next:
		case <-ctx.Done():
		}
	}
	close(waiting)
	working.Wait()
	return context.Cause(ctx)
}

func (r *run) bench(worker int, shared *memory) *bench {
	return &bench{court: r.court, dir: filepath.Join(r.dir, fmt.Sprint("worker-", worker)), memory: shared}
}

func (r *run) try(ctx context.Context, desk *bench, clean *specimen, number int, next trial) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	tried := clean
	if next.defect != nil {
		tried = clean.copy()
		strength := next.defect.Strengths[next.strength]
		next.defect.plant(tried, stream(r.Seed, clean.name, number, next.defect.Name, strength.Name), strength.Value)
	}
	seen, err := desk.examine(ctx, tried)
	if err != nil {
		return err
	}
	r.guard.Lock()
	defer r.guard.Unlock()
	r.tally.add(clean.name, next, seen)
	r.done++
	if r.Progress != nil {
		r.Progress(r.done, r.total)
	}
	return nil
}

// refusals lists the gates that gave an error, in order.
func (e examined) refusals() []string {
	var refused []string
	for _, gate := range gates.Names() {
		if e.answers[gate].refused != nil {
			refused = append(refused, gate)
		}
	}
	return refused
}
