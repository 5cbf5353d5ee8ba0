package webhook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

func TestADoorThatLeavesSaysSoAndGoesOnForAWhile(t *testing.T) {
	leaving := &drain{wait: 2 * time.Second}
	server := behind(t, leaving)
	ctx, stop := context.WithCancel(t.Context())
	begun := make(chan struct{})
	close(begun)
	later := leaving.after(ctx, begun)
	if connection(t, server) != connection(t, server) {
		t.Error("a door that stays ends a connection")
	}
	if err := leaving.isStaying(nil); err != nil {
		t.Error(err)
	}
	stop()
	began := time.Now()
	for leaving.isStaying(nil) == nil && time.Since(began) < leaving.wait {
		time.Sleep(time.Millisecond)
	}
	if leaving.isStaying(nil) == nil || later.Err() != nil {
		t.Fatalf("it is ready: %v; it has ended: %v", leaving.isStaying(nil), later.Err())
	}
	if connection(t, server) == connection(t, server) {
		t.Error("the client stays on a connection to a door that leaves")
	}
	<-later.Done()
	if waited := time.Since(began); waited < leaving.wait {
		t.Errorf("it ended after %v", waited)
	}
}

// behind answers with the client's end of the connection.
func behind(t *testing.T, leaving *drain) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(leaving.ask(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		writer.Header().Set("X-Connection", request.RemoteAddr)
		writer.WriteHeader(http.StatusNoContent)
	})))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// A door that has started anew gets its part of what comes, because clients of the
// others move on after a while. Many ask at once, and no answer is lost.
func TestClientsMoveOn(t *testing.T) {
	server := behind(t, &drain{})
	var seen sync.Map
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for range 3 * moveAfter / 8 {
				seen.Store(connection(t, server), true)
			}
		})
	}
	asking.Wait()
	connections := 0
	seen.Range(func(any, any) bool { connections++; return true })
	if connections < 3 || connections > 12 {
		t.Errorf("%d connections carried %d answers", connections, 3*moveAfter)
	}
}

// connection sends one request, and gives the client's end of the connection.
func connection(t *testing.T, server *httptest.Server) string {
	t.Helper()
	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent || response.ProtoMajor != 2 {
		t.Errorf("%s %s", response.Proto, response.Status)
	}
	return response.Header.Get("X-Connection")
}

func TestADoorThatHasNotBegunEndsAtOnce(t *testing.T) {
	leaving := &drain{wait: time.Hour}
	ctx, stop := context.WithCancel(t.Context())
	later := leaving.after(ctx, make(chan struct{}))
	stop()
	select {
	case <-later.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for reviews that nobody sends")
	}
}
