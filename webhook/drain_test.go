package webhook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestADoorThatLeavesSaysSoAndGoesOnForAWhile(t *testing.T) {
	leaving := &drain{wait: 300 * time.Millisecond}
	server := httptest.NewUnstartedServer(leaving.ask(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		writer.Header().Set("X-Connection", request.RemoteAddr)
		writer.WriteHeader(http.StatusNoContent)
	})))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
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
	for leaving.isStaying(nil) == nil && time.Since(began) < time.Second {
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

// connection sends one request, and gives the client's end of the connection.
func connection(t *testing.T, server *httptest.Server) string {
	t.Helper()
	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent || response.ProtoMajor != 2 {
		t.Fatalf("%s %s", response.Proto, response.Status)
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
