package crds

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/render"
)

// command builds kustomize itself, at the version that go.mod pins.
func command(tb testing.TB) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "kustomize")
	build := exec.Command("go", "build", "-mod=mod", "-o", binary, "sigs.k8s.io/kustomize/kustomize/v5")
	if output, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("building kustomize: %v\n%s", err, output)
	}
	return binary
}

// lay writes what a release is rendered from to disk.
func lay(tb testing.TB, folder string, release render.Release) {
	tb.Helper()
	files, err := render.Sources(release)
	if err != nil {
		tb.Fatal(err)
	}
	for name, content := range files {
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

func run(tb testing.TB, kustomize, folder string) []byte {
	tb.Helper()
	build := exec.Command(kustomize, "build", filepath.Join(folder, "release"), "--reorder", "legacy")
	build.Stderr = nil
	output, err := build.Output()
	if err != nil {
		tb.Fatal(err)
	}
	return output
}

// TestTheCommandRendersTheSame: what is remembered and filled in is, byte for
// byte, what `kustomize build` makes of the same files.
func TestTheCommandRendersTheSame(t *testing.T) {
	kustomize := command(t)
	all := profiles()
	for i := 0; i < len(all); i += 7 { // every seventh of 96: each value of each field, not each combination
		release := all[i]
		release.Model = []string{"breast-risk", "123", "null"}[i%3]
		folder := t.TempDir()
		lay(t, folder, release)
		files, err := render.Workload(t.Context(), release)
		if err != nil {
			t.Fatal(err)
		}
		if got := run(t, kustomize, folder); !bytes.Equal(got, files[release.Model+"/workload.yaml"]) {
			t.Errorf("%+v: the command renders\n%s", release.Profile, got)
		}
	}
}

// fleet is 100 models in 3 environments on 3 clouds, no two of them alike.
func fleet() []render.Release {
	var releases []render.Release
	clouds := slices.DeleteFunc(slices.Sorted(maps.Keys(identities)), func(cloud string) bool { return cloud == "" })
	for model := range 100 {
		for _, environment := range []string{"development", "staging", "production"} {
			for _, cloud := range clouds {
				releases = append(releases, release(fmt.Sprintf("model-%03d-%s", model, cloud), environment, render.Profile{
					Scaling: render.Requests, MaxReplicas: 1000, Clients: []string{"cluster.local/ns/clinic/sa/records"},
					Cloud: cloud, Identity: identities[cloud][0], Vault: identities[cloud][1], Secrets: []string{"feature-store"},
					AccuracyMin: "0.85", RequestsMax: 1000,
				}, 0))
			}
		}
	}
	return releases
}

// BenchmarkFleet renders 900 overlays, of which ASSAY_BENCH_OVERLAYS (all) with
// the command as well, in turns, so that both have the machine as it is.
func BenchmarkFleet(b *testing.B) {
	releases := fleet()
	turns, err := strconv.Atoi(os.Getenv("ASSAY_BENCH_OVERLAYS"))
	if err != nil {
		turns = len(releases)
	}
	kustomize, folder := command(b), b.TempDir()
	every := max(1, len(releases)/turns)
	for b.Loop() {
		var cache render.Cache
		var ours, theirs time.Duration
		asked := 0
		for i, release := range releases {
			start := time.Now()
			if _, err := cache.Workload(b.Context(), release); err != nil {
				b.Fatal(err)
			}
			ours += time.Since(start)
			if i%every != 0 {
				continue
			}
			lay(b, folder, release)
			start = time.Now()
			run(b, kustomize, folder)
			theirs += time.Since(start)
			asked++
		}
		each, eachOfTheirs := ours/time.Duration(len(releases)), theirs/time.Duration(asked)
		b.ReportMetric(float64(each.Microseconds()), "µs/overlay")
		b.ReportMetric(float64(eachOfTheirs.Microseconds()), "µs/command")
		b.ReportMetric(float64(eachOfTheirs)/float64(each), "times")
	}
}
