package load

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// A door that stands still for a second makes a second's questions late: asked
// one after the other, only one of them would be.
func TestWhatWaitsIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tally := Rate{PerSecond: 100, For: 10 * time.Second, Waiting: 1}.Run(t.Context(), func(_ context.Context, n int) error {
			if n == 500 {
				time.Sleep(time.Second)
			}
			return nil
		})
		if tally.Asked != 1000 || tally.Wrong != 0 || tally.Longest != time.Second {
			t.Fatal(tally)
		}
		late := 0
		for at, count := range tally.counts {
			if at > 0 {
				late += count
			}
		}
		if late < 95 || late > 105 {
			t.Errorf("%d questions were late, of a hundred that came in that second", late)
		}
		if median, p99 := tally.Within(0.5), tally.Within(0.99); median > 2*time.Microsecond || p99 < 800*time.Millisecond {
			t.Errorf("p50 %s, p99 %s", median, p99)
		}
	})
}

func TestTheRateIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tally := Rate{PerSecond: 1000, For: 3 * time.Second}.Run(t.Context(), func(_ context.Context, n int) error {
			if due := time.Duration(n) * time.Millisecond; time.Since(start) != due {
				t.Errorf("question %d after %s", n, time.Since(start))
			}
			time.Sleep(20 * time.Millisecond)
			if n%10 == 0 {
				return fmt.Errorf("number %d", n)
			}
			return nil
		})
		if tally.Asked != 3000 || tally.Wrong != 300 || len(tally.Why) != maxWhy+1 {
			t.Error(tally)
		}
	})
}

func TestAFloodEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tally := Flood(t.Context(), 4, time.Second, func(ctx context.Context, _ int) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(30 * time.Millisecond):
				return nil
			}
		})
		if tally.Asked != 4*33 || tally.Wrong != 0 || tally.Took != time.Second {
			t.Error(tally)
		}
	})
}

// The histogram is never more than a hundredth away from the truth.
func TestPercentiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	tally, other := newTally(), newTally()
	var all []time.Duration
	for range 20_000 {
		took := time.Duration(random.ExpFloat64() * float64(3*time.Millisecond))
		all = append(all, took)
		[]*Tally{tally, other}[random.IntN(2)].add(took, nil)
	}
	tally.merge(other)
	slices.Sort(all)
	for _, part := range []float64{0.01, 0.5, 0.9, 0.99, 0.999, 1} {
		truth := all[max(0, int(part*float64(len(all)))-1)]
		if got := tally.Within(part); float64(got) < 0.999*float64(truth) || float64(got) > 1.02*float64(truth) {
			t.Errorf("%g within %s, the truth is %s", part, got, truth)
		}
	}
	if nothing := newTally(); nothing.Within(0.5) != 0 {
		t.Error("nothing took a time")
	}
}

// What is not answered, answered to somebody else or answered wrongly is told.
func TestTheClientComplains(t *testing.T) {
	var answer string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 || r.TLS.Version != 0x0304 {
			t.Errorf("asked by %s, TLS %x", r.Proto, r.TLS.Version)
		}
		fmt.Fprint(w, answer)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client, err := NewClient(server.URL, pemOf(server))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	review, err := Creating(&corev1.Pod{}, "one")
	if err != nil {
		t.Fatal(err)
	}
	review.Rule = "workload.pinned"
	for _, story := range []struct{ answer, want string }{
		{`{"response":{"uid":"review-of-one","allowed":false,"status":{"message":"workload.pinned: by tag"}}}`, ""},
		{`{"response":{"uid":"review-of-one","allowed":true}}`, "allowed is true, want false"},
		{`{"response":{"uid":"review-of-one","allowed":false,"status":{"message":"overloaded"}}}`, "denied, but not by workload.pinned"},
		{`{"response":{"uid":"another","allowed":false}}`, `the answer is to "another"`},
		{`{}`, "no AdmissionReview"},
		{`gone`, "no AdmissionReview"},
	} {
		answer = story.answer
		err := client.Expect(t.Context(), review)
		if story.want == "" && err != nil || story.want != "" && (err == nil || !strings.Contains(err.Error(), story.want)) {
			t.Errorf("%s: %v, want %q", story.answer, err, story.want)
		}
	}
	if _, err := NewClient(server.URL, []byte("none")); err == nil {
		t.Error("nobody is trusted, and nobody complains")
	}
}

// This process is one that can be looked at.
func TestWhatLinuxTells(t *testing.T) {
	self := Process(os.Getpid())
	now, most, err := self.Memory()
	if err != nil || now < 1 || most < now {
		t.Errorf("%.0f MiB, at most %.0f, %v", now, most, err)
	}
	for start := time.Now(); time.Since(start) < 50*time.Millisecond; {
	}
	if worked, err := self.Processor(); err != nil || worked <= 0 {
		t.Errorf("worked for %s, %v", worked, err)
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	before, err := self.Sockets()
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(server.URL) // keeps its connection
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	after, err := self.Sockets()
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("one connection was opened: before %v, after %v, %v", before, after, err)
	}
	if _, _, err := Process(1 << 30).Memory(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of nobody: %v", err)
	}
}

func pemOf(server *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}
