package audit

import (
	"context"
	"errors"
	"testing"
	"time"
)

// The audit ends when it is asked to, whatever it waits for, and what goes wrong in
// a pass ends nothing.
func TestTheAuditEndsWhenAskedAndNotBefore(t *testing.T) {
	for name, spoil := range map[string]func(*world){
		"at work":                func(*world) {},
		"releases are not filed": func(w *world) { w.arrived = func() bool { return false } },
		"namespaces cannot be listed": func(w *world) {
			w.namespaces = func(context.Context) (map[string]string, error) { return nil, errors.New("away") }
		},
		"the floor cannot be written":  func(w *world) { w.floor = failing{} },
		"many releases are to be seen": func(w *world) { w.release("tumour-staging", model) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			spoil(w)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- w.Start(ctx) }()
			select {
			case err := <-ended:
				t.Fatalf("it ended by itself: %v", err)
			case <-time.After(3 * passPause):
			}
			stop()
			select {
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(long):
				t.Error("it does not end")
			}
		})
	}
}

type failing struct{}

func (failing) Publish(context.Context, map[string][]string) error { return errors.New("it is full") }

// A floor that cannot be written is tried again, and not in every pass.
func TestAFloorThatFailsIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.floor = failing{}
	if err := w.Pass(t.Context()); err != nil { // the shelves are empty
		t.Fatal(err)
	}
	w.until("everything is told", func() bool { return len(w.filled()) == 1 })
	if err := w.Pass(t.Context()); err == nil {
		t.Fatal("nobody is told that the floor is not written")
	}
	if err := w.Pass(t.Context()); err != nil {
		t.Errorf("it was tried again at once: %v", err)
	}
	w.now = w.now.Add(publishAgain)
	w.floor = w
	if err := w.Pass(t.Context()); err != nil || w.list == nil {
		t.Errorf("told %v, %v", w.list, err)
	}
}
