package webhook

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
)

func TestEvidenceOfARegistryIsJudgedLikeARelease(t *testing.T) {
	world := newOutpost(t)
	if response := world.creates(t, world.mounted); !response.Allowed {
		t.Fatalf("denied: %s", response.Result.Message)
	}
	asked := world.requests.Load()
	for range 50 {
		if response := world.creates(t, world.mounted); !response.Allowed {
			t.Fatalf("denied: %s", response.Result.Message)
		}
	}
	if world.requests.Load() != asked {
		t.Errorf("the registry was asked again: %d requests, then %d", asked, world.requests.Load())
	}
	world.memory.Trust(nil)
	if response := world.creates(t, world.mounted); response.Allowed || !strings.Contains(response.Result.Message, "model.evidence.verified") {
		t.Errorf("what nobody signs for any more says %v %q", response.Allowed, response.Result.Message)
	}
}

// A registry holds what was measured for every environment, a Release what was
// measured for one.
func TestEvidenceOfOtherEnvironmentsIsLeftOut(t *testing.T) {
	world := newOutpost(t)
	if err := world.place.Attach(t.Context(), world.subject, world.evidence(t, "production")); err != nil {
		t.Fatal(err)
	}
	if response := world.creates(t, world.mounted); !response.Allowed {
		t.Errorf("denied: %s", response.Result.Message)
	}
	stranger := newMeasurer(t)
	forged, err := stranger.signer.Sign(t.Context(), evidence.Trained(world.subject, evidence.Provenance{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := world.place.Attach(t.Context(), world.subject, []evidence.Envelope{forged}); err != nil {
		t.Fatal(err)
	}
	world.later(fetchedLife)
	if response := world.creates(t, world.mounted); response.Allowed || !strings.Contains(response.Result.Message, "model.evidence.verified") {
		t.Errorf("with a forgery among it: %v %q", response.Allowed, response.Result.Message)
	}
}

func TestAReleaseObjectComesBeforeWhatWasFetched(t *testing.T) {
	world := newOutpost(t)
	if response := world.creates(t, world.mounted); !response.Allowed {
		t.Fatalf("denied: %s", response.Result.Message)
	}
	object := world.released(t, staging)
	object.Spec.Envelopes = object.Spec.Envelopes[:1]
	world.memory.Remember(object)
	if response := world.creates(t, world.mounted); response.Allowed {
		t.Error("a Release object without evidence was passed over")
	}
	if known := len(world.door.Door.Fallback.asked); known != 0 {
		t.Errorf("%d answers are left when the Release object has come", known)
	}
}

// Nothing is known of the model, and for ten seconds nobody asks again; a Release
// that arrives counts at once.
func TestThatThereIsNothingIsRememberedBriefly(t *testing.T) {
	world := newOutpost(t)
	unknown := strings.Replace(world.mounted, "breast-malignancy", "other", 1)
	for range 20 {
		if response := world.creates(t, unknown); response.Allowed || !strings.Contains(response.Result.Message, "workload.released") {
			t.Fatalf("%v %q", response.Allowed, response.Result.Message)
		}
	}
	asked := world.requests.Load()
	if world.counted(fetchAbsent) != 1 {
		t.Errorf("it was asked %v times", world.counted(fetchAbsent))
	}
	world.later(missedLife)
	world.creates(t, unknown)
	if world.counted(fetchAbsent) != 2 || world.requests.Load() <= asked {
		t.Errorf("after a while it was not asked again: %v", world.counted(fetchAbsent))
	}
	world.memory.Remember(world.released(t, staging))
	if response := world.creates(t, unknown); !response.Allowed {
		t.Errorf("with a Release it is denied: %s", response.Result.Message)
	}
}

// The registry is slower than a review can wait: the review says so, and the
// question goes on.
func TestASlowRegistryIsNotWaitedFor(t *testing.T) {
	world := newOutpost(t)
	open := make(chan struct{})
	world.lies(func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		<-open
		honest.ServeHTTP(w, r)
	})
	response := world.creates(t, world.mounted) // is answered before the registry is allowed to
	if response.Allowed || response.Result.Code != http.StatusServiceUnavailable || response.Result.Details.RetryAfterSeconds != retrySeconds ||
		response.Result.Details.Causes[0].Type != evidencePending || !strings.Contains(response.Result.Message, "EVIDENCE_PENDING") {
		t.Errorf("%+v", response.Result)
	}
	close(open)
	world.settled(t)
	asked := world.requests.Load()
	if response := world.creates(t, world.mounted); !response.Allowed || world.requests.Load() != asked {
		t.Errorf("when the evidence has come: %v %q", response.Allowed, response.Result.Message)
	}
}

// Five hundred pods of one rollout ask the registry once.
func TestAThunderingHerdAsksOnce(t *testing.T) {
	world := newOutpost(t)
	world.creates(t, world.mounted)
	alone := world.requests.Load()
	world.requests.Store(0)
	world.later(fetchedLife)
	world.lies(func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		time.Sleep(5 * time.Millisecond)
		honest.ServeHTTP(w, r)
	})
	request := creating(t, podMounting(world.mounted, servedBy+servingDigest))
	var herd sync.WaitGroup
	for range 500 {
		herd.Go(func() { world.door.Handle(t.Context(), request) })
	}
	herd.Wait()
	world.settled(t)
	if world.requests.Load() != alone || world.counted(fetchFound) != 2 {
		t.Errorf("500 reviews made %d requests, one made %d", world.requests.Load(), alone)
	}
}

// What a registry may do wrong ends in a denial, within the time of a review, and
// in no second question for a while.
func TestARegistryThatMisbehavesShutsTheDoor(t *testing.T) {
	space := []byte(strings.Repeat(" ", 1<<20))
	ended := make(chan struct{})
	for claim, lie := range map[string]func(w http.ResponseWriter, r *http.Request, honest http.Handler){
		"it hangs up": func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) },
		"it is overloaded": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"it is broken":        func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(http.StatusBadGateway) },
		"it asks for a token": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(http.StatusUnauthorized) },
		"it leads elsewhere, unencrypted": func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, "http://registry.example.org"+r.URL.Path, http.StatusTemporaryRedirect)
		},
		"it leads to the cloud's credentials": func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, "https://169.254.169.254/latest", http.StatusTemporaryRedirect)
		},
		"it leads in a circle": func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
		},
		"its list has no end": func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
			if !strings.Contains(r.URL.Path, "/referrers/") {
				honest.ServeHTTP(w, r)
				return
			}
			for {
				if _, err := w.Write(space); err != nil {
					return
				}
			}
		},
		"it sends other bytes": func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
			answer := httptest.NewRecorder()
			honest.ServeHTTP(answer, r)
			body := answer.Body.Bytes()
			if strings.Contains(r.URL.Path, "/blobs/") && len(body) > 10 {
				body = slices.Clone(body)
				body[len(body)/2] ^= 1
			}
			for key, values := range answer.Header() {
				w.Header()[key] = values
			}
			w.WriteHeader(answer.Code)
			w.Write(body)
		},
		"it says nothing": func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
			select {
			case <-r.Context().Done():
			case <-ended:
			}
		},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			world := newOutpost(t)
			world.lies(lie)
			began := time.Now()
			response := world.creates(t, world.mounted)
			if took := time.Since(began); response.Allowed || took > fetchTime/2 { // the question itself may go on for fetchTime
				t.Errorf("allowed=%v after %s", response.Allowed, took)
			}
			if strings.Contains(response.Result.Message, "169.254") || strings.Contains(response.Result.Message, "/referrers/") {
				t.Errorf("the answer tells of the network: %s", response.Result.Message)
			}
			if world.counted(fetchFailed) == 0 {
				return // the question goes on
			}
			asked := world.requests.Load()
			for range 10 {
				world.creates(t, world.mounted)
			}
			if world.requests.Load() != asked {
				t.Errorf("it was asked again: %d requests, then %d", asked, world.requests.Load())
			}
		})
	}
	t.Cleanup(func() { close(ended) })
}

// Ten thousand digests that nobody has heard of cost what a few cost.
func TestAFloodOfDigestsIsNotPassedOn(t *testing.T) {
	world := newOutpost(t)
	began := time.Now()
	for i := range 10_000 {
		reference := strings.Split(world.mounted, "@")[0] + "@" + string(evidence.Sum(fmt.Appendf(nil, "%d", i)))
		if response := world.creates(t, reference); response.Allowed {
			t.Fatal("allowed")
		}
	}
	world.settled(t)
	passed, kept := world.counted(fetchAbsent), len(world.door.Door.Fallback.asked)
	if most := fetchBurst + fetchRate*(time.Since(began).Seconds()+1); passed > most || kept > maxMissed {
		t.Errorf("%v questions to the registry, at most %v; %d answers kept", passed, most, kept)
	}
	if world.counted(fetchRefused) < 5000 {
		t.Errorf("only %v of 10,000 questions were refused", world.counted(fetchRefused))
	}
}

// Who writes a pod does not choose whom the door asks.
func TestOnlyConfiguredRepositoriesAreAsked(t *testing.T) {
	world := newOutpost(t)
	digest := "@" + string(world.subject.Digest)
	host, _, _ := strings.Cut(world.mounted, "/")
	for _, reference := range []string{
		host + "/other/models/breast-malignancy" + digest,
		host + "/clinic/models-archive/breast-malignancy" + digest,
		host + "/clinic/models/../secret/breast-malignancy" + digest,
		"evil." + world.mounted,
		"http://" + world.mounted,
		strings.Split(world.mounted, "@")[0] + ":v1" + digest,
		host + "/clinic/models/" + strings.Repeat("a", maxName) + digest,
		host + "/clinic/models//breast-malignancy" + digest,
		host + "/clinic/models/breast?x=" + digest,
	} {
		if response := world.creates(t, reference); response.Allowed {
			t.Errorf("%s is admitted", reference)
		}
	}
	world.settled(t)
	if asked := world.requests.Load(); asked != 0 {
		t.Errorf("the registry was asked %d times", asked)
	}
}

// Garbage of another repository about the same digest shuts nobody's door.
func TestAnswersOfTwoRepositoriesAreKeptApart(t *testing.T) {
	world := newOutpost(t)
	if response := world.creates(t, strings.Replace(world.mounted, "breast-malignancy", "attacker", 1)); response.Allowed {
		t.Fatal("a repository without evidence is admitted")
	}
	if response := world.creates(t, world.mounted); !response.Allowed {
		t.Errorf("denied: %s", response.Result.Message)
	}
}

// A question belongs to no review: it ends with the process.
func TestQuestionsEndWithTheProcess(t *testing.T) {
	world := newOutpost(t)
	ctx, end := context.WithCancel(t.Context())
	fallback, err := NewFallback(ctx, oci.NewReader(), world.memory, world.door.Settings, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	world.door.Door.Fallback = fallback
	world.lies(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() })
	world.creates(t, world.mounted)
	end()
	world.settled(t)
	if response := world.creates(t, world.mounted); response.Allowed {
		t.Error("allowed")
	}
}

// The registry burns, and somebody answers for a model that no Release speaks of.
func TestABrokenGlassDoesNotWaitForARegistry(t *testing.T) {
	world, people := newOutpost(t), newPeople(t)
	world.memory.Trust(append(slices.Clone(world.signer.trust), people.trust...))
	world.lies(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() })
	if response := world.creates(t, world.mounted); response.Allowed || response.Result.Code != http.StatusServiceUnavailable {
		t.Fatalf("%+v", response)
	}
	world.memory.BreakGlass(people.smash(t, "open", glassOf(world.subject), world.subject))
	if response := world.creates(t, world.mounted); !response.Allowed || response.AuditAnnotations["glass"] == "" {
		t.Errorf("%+v", response)
	}
	if response := world.creates(t, strings.Replace(world.mounted, "breast-malignancy@sha256:", "other@sha256:0", 1)); response.Allowed {
		t.Error("what nobody answers for is let in")
	}
}
