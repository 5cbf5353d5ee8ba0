package harness

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// A demo empties its directory: never one that holds somebody's work.
func TestOnlyAWorldsDirectoryIsEmptied(t *testing.T) {
	dir := t.TempDir()
	work := filepath.Join(dir, "thesis.tex")
	put(t, work, "years of work")
	if err := prepare(dir); err == nil || !strings.Contains(err.Error(), "hint: ") {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(work); err != nil {
		t.Fatal(err)
	}
	if err := prepare(work); err == nil {
		t.Error("a file became a world")
	}
}

func TestAWorldsDirectoryStartsEmpty(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "world")
	for range 2 {
		if err := prepare(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "registry", "old")); err == nil {
			t.Error("the last world is still there")
		}
		put(t, filepath.Join(dir, "registry", "old"), "x")
	}
	if err := prepare(t.TempDir()); err != nil {
		t.Errorf("an empty directory: %v", err)
	}
}

func TestAWorldWithoutBinariesSaysHowToBuildThem(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "world")
	if _, err := Start(t.Context(), dir, t.TempDir()); err == nil || !strings.Contains(err.Error(), "hint: make build") {
		t.Errorf("error is %v", err)
	}
}

func TestAProcessThatEndsTooEarlySaysWhereToLook(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "broken")
	put(t, binary, "#!/bin/sh\necho no luck >&2\nexit 3\n")
	if err := os.Chmod(binary, 0o700); err != nil {
		t.Fatal(err)
	}
	started, stdout, err := start(t.Context(), dir, binary, nil)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := started.firstLine(t.Context(), stdout); err == nil || !strings.Contains(err.Error(), "broken.log") {
		t.Errorf("it said %q, %v", line, err)
	}
	if err := started.answers(t.Context(), "http://127.0.0.1:1/"); err == nil {
		t.Error("it answers")
	}
	if err := started.stop(); err != nil {
		t.Errorf("stopping what has ended: %v", err)
	}
	if log, err := os.ReadFile(started.log); err != nil || string(log) != "no luck\n" {
		t.Errorf("log %q, %v", log, err)
	}
}

func TestAProcessIsReadyWhenItSaysSoAndStopsWhenAsked(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "service")
	put(t, binary, "#!/bin/sh\ntrap 'exit 0' TERM\necho ready /path\nwhile :; do sleep 0.05; done\n")
	if err := os.Chmod(binary, 0o700); err != nil {
		t.Fatal(err)
	}
	started, stdout, err := start(t.Context(), dir, binary, nil)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := started.firstLine(t.Context(), stdout); err != nil || line != "ready /path" {
		t.Errorf("it said %q, %v", line, err)
	}
	began := time.Now()
	if err := started.stop(); err != nil || time.Since(began) > 10*time.Second {
		t.Errorf("it stopped after %v, %v", time.Since(began), err)
	}
	var none *process
	if err := none.stop(); err != nil {
		t.Error(err)
	}
}

func TestObjectsAreSyncedInTheirWaves(t *testing.T) {
	tree := fstest.MapFS{
		"kustomization.yaml": {Data: []byte("kind: Kustomization\n")},
		"m/release.yaml":     {Data: []byte("kind: Release\nmetadata: {name: r, annotations: {argocd.argoproj.io/sync-wave: \"-1\"}}\n")},
		"m/workload.yaml":    {Data: []byte("kind: Deployment\nmetadata: {name: d}\n---\n---\nkind: Service\nmetadata: {name: s}\n")},
		"namespace.yaml":     {Data: []byte("kind: Namespace\nmetadata: {name: n, annotations: {argocd.argoproj.io/sync-wave: \"-2\"}}\n")},
		"notes.txt":          {Data: []byte("{")},
	}
	found, err := objects(tree)
	var kinds []string
	for _, object := range found {
		kinds = append(kinds, object.GetKind())
	}
	if got := strings.Join(kinds, " "); err != nil || got != "Namespace Release Deployment Service" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := objects(fstest.MapFS{"a.yaml": {Data: []byte("{")}}); err == nil || !strings.Contains(err.Error(), "a.yaml") {
		t.Errorf("garbage: %v", err)
	}
}

func TestTheSystemIsWhatShips(t *testing.T) {
	found, err := systemObjects()
	if err != nil {
		t.Fatal(err)
	}
	called := 0
	for _, object := range found {
		if object.GetKind() == "ValidatingWebhookConfiguration" {
			if err := callAt(object, []string{"127.0.0.1:1", "127.0.0.1:2"}); err != nil {
				t.Error(err)
			}
			webhooks, _, err := unstructured.NestedSlice(object.Object, "webhooks")
			names := map[any]bool{}
			for _, webhook := range webhooks {
				names[webhook.(map[string]any)["name"]] = true
			}
			if err != nil || len(webhooks) < 2 || len(names) != len(webhooks) {
				t.Errorf("at two addresses %v are called, %v", names, err)
			}
			called++
		}
	}
	if called != 1 || len(found) < 8 {
		t.Errorf("%d objects, %d webhooks", len(found), called)
	}
}
