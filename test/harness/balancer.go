package harness

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Balancer is the Service before the doors: it gives each new connection to the
// next door that is ready, and leaves a connection where it is until one of its
// ends closes it, as the tables of a node do. A connection to a door that is gone
// goes nowhere, until the next look.
type Balancer struct {
	Address string

	mutex sync.Mutex
	doors []*Door
	ready []*Door
	next  int
}

// readinessInterval is shorter than that of a kubelet, so that tests are.
const readinessInterval = 50 * time.Millisecond

// Balance listens until the context ends.
func Balance(ctx context.Context) (*Balancer, error) {
	balancer := &Balancer{}
	var err error
	if balancer.Address, err = balancer.Entrance(ctx); err != nil {
		return nil, err
	}
	go balancer.watch(ctx)
	return balancer, nil
}

// Entrance is one more address of the same doors. An API server holds a
// connection to each address that it calls, as it does to each webhook of a
// configuration that names a Service.
func (b *Balancer) Entrance(ctx context.Context) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { listener.Close() })
	go b.accept(ctx, listener)
	return listener.Addr().String(), nil
}

// Send says which doors there are. Those that are not ready get nothing.
func (b *Balancer) Send(doors ...*Door) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.doors = slices.Clone(doors)
	b.ready = slices.DeleteFunc(b.ready, func(door *Door) bool { return !slices.Contains(b.doors, door) })
}

// Ready are the doors that get new connections now.
func (b *Balancer) Ready() []*Door {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.Clone(b.ready)
}

func (b *Balancer) watch(ctx context.Context) {
	asking := &http.Client{Timeout: time.Second}
	for ctx.Err() == nil {
		b.mutex.Lock()
		doors := b.doors
		b.mutex.Unlock()
		var ready []*Door
		for _, door := range doors {
			if IsReady(ctx, asking, "http://"+door.Health+"/readyz") {
				ready = append(ready, door)
			}
		}
		b.mutex.Lock()
		b.ready = slices.DeleteFunc(ready, func(door *Door) bool { return !slices.Contains(b.doors, door) })
		b.mutex.Unlock()
		time.Sleep(readinessInterval)
	}
}

func (b *Balancer) accept(ctx context.Context, listener net.Listener) {
	for {
		caller, err := listener.Accept()
		if err != nil {
			return
		}
		go b.connect(ctx, caller)
	}
}

func (b *Balancer) connect(ctx context.Context, caller net.Conn) {
	defer caller.Close()
	door := b.choose()
	if door == nil {
		return
	}
	called, err := new(net.Dialer).DialContext(ctx, "tcp", door.Address)
	if err != nil {
		return
	}
	defer called.Close()
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{called, caller}, {caller, called}} {
		go func() {
			_, _ = io.Copy(way[0], way[1])
			ended <- struct{}{}
		}()
	}
	<-ended
}

func (b *Balancer) choose() *Door {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if len(b.ready) == 0 {
		return nil
	}
	b.next++
	return b.ready[b.next%len(b.ready)]
}
