package webhook

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// drain is how a door leaves: it says that it is not ready, goes on answering
// until every API server has heard of it, and then ends. An API server keeps one
// connection to a door for as long as it can, and no change of endpoints ends
// it; so each answer asks it to make a new one, which leads to another replica.
//
// The process waits, and not a preStop hook of its pod: a process that does not
// know that it is leaving asks nobody to move over.
type drain struct {
	wait    time.Duration
	leaving atomic.Bool
	answers atomic.Uint64
}

// moveAfter is after how many answers a client is asked for a new connection, by a
// door that stays. Without that, all would be with the other replicas for ever, once
// one has started anew, and nothing would come to it. It is what API servers
// themselves do with --goaway-chance.
const moveAfter = 1000

// after ends that much later than the context does, if by then the door has
// begun to answer.
func (d *drain) after(ctx context.Context, begun <-chan struct{}) context.Context {
	later, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		defer end()
		d.leaving.Store(true)
		select {
		case <-begun:
			time.Sleep(d.wait)
		default:
		}
	})
	return later
}

// isStaying is ready until the door leaves.
func (d *drain) isStaying(*http.Request) error {
	if d.leaving.Load() {
		return errors.New("the door is leaving")
	}
	return nil
}

// ask lets the client's connection end with the answer, now and then, and once the
// door leaves always: over HTTP/2 it becomes a GOAWAY (golang.org/x/net/http2),
// which loses nothing.
func (d *drain) ask(answer http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if d.answers.Add(1)%moveAfter == 0 || d.leaving.Load() {
			writer.Header().Set("Connection", "close")
		}
		answer.ServeHTTP(writer, request)
	})
}
