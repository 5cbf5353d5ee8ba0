package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// breakages are the requests of a push after which a registry may be gone: the
// model's first file, the evidence's manifest, and the model's manifest, which
// makes a release of it.
func breakages(release string) map[string]func(*http.Request) bool {
	manifest := func(request *http.Request) bool {
		return request.Method == http.MethodPut && strings.Contains(request.URL.Path, "/models/breast-malignancy/manifests/")
	}
	return map[string]func(*http.Request) bool{
		"at the first file": func(request *http.Request) bool {
			return request.Method == http.MethodPost && strings.Contains(request.URL.Path, "/models/breast-malignancy/blobs/uploads")
		},
		"at the evidence": func(request *http.Request) bool {
			return manifest(request) && !strings.HasSuffix(request.URL.Path, release)
		},
		"at the release": func(request *http.Request) bool {
			return manifest(request) && strings.HasSuffix(request.URL.Path, release)
		},
	}
}

// Whenever the registry breaks in a push, nobody sees half a release and the
// environment serves what it served; repaired, the same release appears.
func TestARegistryThatBreaksLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	const repository = "assay/models/breast-malignancy"
	for when := range breakages("") {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			bench := newBench(t, "breast-malignancy")
			served, release := servedAndProposed(bench)
			bench.registry.breakAt(breakages(release)[when])
			broken := bench.check(proposal)
			expect(t, broken.Error, "breast-malignancy in development", "pushing", bench.registry.host())
			if broken.Allowed || bench.registry.has(repository, release) {
				t.Errorf("allowed: %t, and half a release may be visible", broken.Allowed)
			}
			bench.mustMerge(proposal)
			if _, _, err := bench.Merged(t.Context(), "main"); err == nil || bench.tip("env/development") != served {
				t.Errorf("delivered without a registry: %v", err)
			}
			bench.registry.repair()
			state := bench.merged("breast-malignancy")
			if string(state.Release.Digest) != release || !bench.registry.has(repository, release) {
				t.Errorf("repaired, the release is %s, want %s", state.Release, release)
			}
			if bench.tip("env/development") == served {
				t.Error("repaired, nothing was delivered")
			}
		})
	}
}

// servedAndProposed delivers a model, proposes another, and answers with the
// commit that serves and the release that the proposal will be: made on a
// machine of its own, and not pushed, as a rehearsal is.
func servedAndProposed(bench *bench) (served, release string) {
	bench.t.Helper()
	bench.merged("breast-malignancy")
	bench.change(proposal, "breast-malignancy")
	rehearsal := bench.rehearse(proposal)
	return bench.tip("env/development"), phase(bench.t, rehearsal, "Trained").Output
}

// A remote that is gone is an error that names it, and nothing else happens.
func TestAGitRemoteThatIsGone(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "breast-malignancy")
	bench.change(proposal, "breast-malignancy")
	away := bench.bare + ".away"
	if err := os.Rename(bench.bare, away); err != nil {
		t.Fatal(err)
	}
	_, err := bench.Check(t.Context(), "main", proposal)
	expect(t, said(err), bench.bare, "not found")
	if _, _, err := bench.Merged(t.Context(), "main"); err == nil {
		t.Error("main was made true without a remote")
	}
	if err := os.Rename(away, bench.bare); err != nil {
		t.Fatal(err)
	}
	if outcome := bench.mustCheck(proposal); !outcome.Allowed {
		t.Errorf("back again, it is not allowed: %+v", outcome)
	}
}

// A remote that takes no push keeps its branch; once it does, the same release
// is delivered without a second training.
func TestAGitRemoteThatRefusesADelivery(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "breast-malignancy")
	hook := filepath.Join(bench.bare, "hooks", "pre-receive")
	if err := os.MkdirAll(filepath.Dir(hook), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(hook, []byte("#!/bin/sh\necho the quota is used up >&2\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, states, err := bench.Merged(t.Context(), "main")
	expect(t, said(err), "breast-malignancy in development", "env/development")
	before := stateOf(t, states, "breast-malignancy")
	if bench.tip("env/development") != "" {
		t.Fatal("the branch is there")
	}
	trained := bench.trainings()
	if err := os.Remove(hook); err != nil {
		t.Fatal(err)
	}
	after := bench.merged("breast-malignancy")
	if after.Release != before.Release || bench.trainings() != trained || bench.tip("env/development") == "" {
		t.Errorf("then %s, now %s; %d trainings, now %d", before.Release, after.Release, trained, bench.trainings())
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// expect demands that a message says each of these.
func expect(t *testing.T, message string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(message, part) {
			t.Errorf("the message does not say %q:\n%s", part, message)
		}
	}
}
