package controller

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Pulse tells a process that works from one that has got stuck: while there is
// work something must move, now and then.
type Pulse struct {
	clock forge.Clock

	mu    sync.Mutex
	work  int // in hand
	moved time.Time
}

// NewPulse begins now.
func NewPulse(clock forge.Clock) *Pulse { return &Pulse{clock: clock, moved: clock.Now()} }

// begin takes work in hand.
func (p *Pulse) begin() (end func()) {
	p.add(1)
	return func() { p.add(-1) }
}

func (p *Pulse) add(work int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.work += work
	p.moved = p.clock.Now()
}

// Observe takes every phase that starts or ends for progress.
func (p *Pulse) Observe(context.Context, promotion.Event) { p.add(0) }

// Healthy is a health check: it fails when there is work and nothing has moved
// for so long. The longest phase must fit into that.
func (p *Pulse) Healthy(patience time.Duration) func(*http.Request) error {
	return func(*http.Request) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if still := p.clock.Now().Sub(p.moved); p.work > 0 && still > patience {
			return fmt.Errorf("nothing has moved for %s, with work in hand", still.Round(time.Second))
		}
		return nil
	}
}
