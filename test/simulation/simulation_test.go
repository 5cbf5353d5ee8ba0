package simulation

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// What `make simulate` sets: how many seeds, or which one.
const (
	seedsVariable = "ASSAY_SIMULATE_SEEDS"
	seedVariable  = "ASSAY_SIMULATE_SEED"
	seedsAnyway   = 200
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	debug.SetGCPercent(400)             // a seed leaves little behind, and most of that at once
	if _, err := judges(); err != nil { // once, and not within a bubble
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// play gives the trace of a seed, and which invariants did not hold.
func play(t *testing.T, seed uint64, flaws flaws) (trace string, wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed, flaws)
		w.run()
		trace, wrong = strings.Join(w.trace.lines, "\n"), w.wrong
	})
	return trace, wrong
}

func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text, set := os.LookupEnv(variable)
	if !set || text == "" {
		return otherwise
	}
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return value
}

// Whatever is lost, doubled, refused or broken off: at every moment, and in the end.
func TestInvariantsHold(t *testing.T) {
	seeds := number(t, seedsVariable, seedsAnyway)
	var next, steps atomic.Uint64
	t.Run("seeds", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(worker), func(t *testing.T) {
				t.Parallel()
				for seed := next.Add(1) - 1; seed < seeds && !t.Failed(); seed = next.Add(1) - 1 {
					trace, wrong := play(t, seed, flaws{})
					steps.Add(uint64(strings.Count(trace, "\n") + 1))
					if len(wrong) > 0 {
						t.Errorf("%s\n\nseed %d: %s\nhint: make simulate SEED=%[2]d", trace, seed, strings.Join(wrong, "\n"))
					}
				}
			})
		}
	})
	t.Logf("%d seeds, %d steps", seeds, steps.Load())
}

// A failing seed is of use when it fails again, step by step.
func TestASeedReplays(t *testing.T) {
	for seed := range uint64(10) {
		first, _ := play(t, seed, flaws{})
		again, _ := play(t, seed, flaws{})
		if first != again {
			t.Errorf("seed %d has gone two ways:\n%s", seed, parting(first, again))
		}
	}
}

// parting is where two traces differ.
func parting(first, again string) string {
	one, other := strings.Split(first, "\n"), strings.Split(again, "\n")
	for i := range min(len(one), len(other)) {
		if one[i] != other[i] {
			return one[i] + "\n" + other[i]
		}
	}
	return "one of them ends earlier"
}

// `make simulate SEED=n` tells a seed from its first step to its last.
func TestOneSeed(t *testing.T) {
	seed := number(t, seedVariable, 1)
	trace, wrong := play(t, seed, flaws{})
	t.Logf("seed %d\n%s", seed, trace)
	for _, one := range wrong {
		t.Error(one)
	}
}
