package faults

import (
	"context"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/load"
)

// reviews are what doors say that they have answered.
type reviews struct{ all, allowed float64 }

func (r reviews) minus(before reviews) reviews {
	return reviews{r.all - before.all, r.allowed - before.allowed}
}

// census adds up what all doors have answered that there ever were. What a door
// has answered since the last look is not counted when it is killed.
type census struct {
	mutex sync.Mutex
	last  map[string]reviews // by the address of its metrics
}

// censusInterval bounds what a killed door takes with it.
const censusInterval = 100 * time.Millisecond

func newCensus() *census { return &census{last: map[string]reviews{}} }

// watch looks at a door until the test ends, or the door does.
func (c *census) watch(ctx context.Context, door *harness.Door) {
	for ctx.Err() == nil {
		if c.look(ctx, door) != nil {
			return
		}
		time.Sleep(censusInterval)
	}
}

func (c *census) look(ctx context.Context, door *harness.Door) error {
	var now reviews
	var err error
	if now.all, err = load.Metric(ctx, door.Metrics, "assay_admit_seconds_count"); err != nil {
		return c.absent(ctx, door)
	}
	if now.allowed, err = load.Metric(ctx, door.Metrics, "assay_admit_seconds_count", `verdict="allowed"`); err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.last[door.Metrics] = now
	return nil
}

// absent is what a door tells that has answered nothing yet, and no error then.
func (c *census) absent(ctx context.Context, door *harness.Door) error {
	_, err := load.Metric(ctx, door.Metrics, "go_goroutines")
	return err
}

func (c *census) sum() reviews {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var sum reviews
	for _, one := range c.last {
		sum.all, sum.allowed = sum.all+one.all, sum.allowed+one.allowed
	}
	return sum
}
