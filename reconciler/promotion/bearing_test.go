package promotion

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// names lists the files of a tree, as one who walks it finds them.
func names(t *testing.T, tree fs.FS) string {
	t.Helper()
	found, err := digests(tree)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), " ")
}

// clutter is what else stands in a repository.
var clutter = map[string]string{
	"README.md": "x", "policies/thresholds/data.yaml": "x", "clusters/ward.yaml": "x", "waivers/a.json": "x",
	"models/tumour/Dockerfile": "x", "models/tumour/notes/why.md": "x", "models/other/Dockerfile": "x", "models/other/model.yaml": "x",
	"datasets/ward/ATTRIBUTION.md": "x", "datasets/other/main.tf": "x", "environments/staging/other.yaml": "x",
	"infrastructure/main.tf": "x", "infrastructure/main.tf.md": "x", "infrastructure/prod.tfvars": "x", "images/train.Dockerfile": "x", "images/Containerfile.gpu": "x",
}

const sources = "images/Containerfile.gpu images/train.Dockerfile infrastructure/main.tf infrastructure/prod.tfvars"

func TestWhatBearsOnAPromotionIsWhatItIsMadeBy(t *testing.T) {
	tree := repository(clutter)
	found, err := bearing(tree, Pair{"development", "tumour"})
	if err != nil {
		t.Fatal(err)
	}
	want := "datasets/ward/ATTRIBUTION.md datasets/ward/dataset.yaml environments/development/environment.yaml environments/development/tumour.yaml " +
		sources + " models/tumour/Dockerfile models/tumour/card.yaml models/tumour/model.yaml models/tumour/notes/why.md"
	if got := strings.Join(found, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// A release brings its model along: what becomes of the recipe changes nothing.
	tree["environments/staging/tumour.yaml"] = &fstest.MapFile{Data: []byte(pinned(evidence.Sum([]byte("release"))))}
	found, err = bearing(tree, Pair{"staging", "tumour"})
	if got := strings.Join(found, " "); err != nil || got != "environments/staging/environment.yaml environments/staging/tumour.yaml "+sources {
		t.Errorf("of a pinned release: %s, %v", got, err)
	}
}

func TestAFloodOfFilesIsAnError(t *testing.T) {
	tree := repository(nil)
	for i := range maxSources + 1 {
		tree[fmt.Sprintf("infrastructure/%d.tf", i)] = &fstest.MapFile{}
	}
	b := newBench()
	if _, err := Run(t.Context(), b.tools(t, tree), request(tree, "development")); err == nil || !strings.Contains(err.Error(), "501 Dockerfiles") {
		t.Errorf("too many sources: %v", err)
	}
	for i := range maxBearing {
		tree[fmt.Sprintf("models/tumour/%d", i)] = &fstest.MapFile{}
	}
	if _, err := bearing(tree, Pair{"development", "tumour"}); err == nil || !strings.Contains(err.Error(), "more than 10000 files bear") {
		t.Errorf("too many files: %v", err)
	}
}

// A change is looked into whole, but for data and what it takes away; once it is
// merged, what bears on the promotion is.
func TestTheWholeChangeIsLookedInto(t *testing.T) {
	b, tree := newBench(), repository(clutter)
	tools := b.tools(t, tree)
	changed := []string{"README.md", "datasets/ward/data.csv", "models/other/gone.yaml", "models/tumour/card.yaml", "waivers/a.json"}
	states, err := Check(t.Context(), tools, Change{Tree: repository(clutterOf(t)), Changed: changed})
	if err != nil || len(states) != 1 {
		t.Fatal(states, err)
	}
	merged, err := bearing(tree, Pair{"development", "tumour"})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(merged)
	proposed := slices.Sorted(slices.Values(append([]string{"README.md", "waivers/a.json"}, merged...)))
	if got := names(t, b.candidate.Changed); got != strings.Join(proposed, " ") {
		t.Errorf("of the change: %s", got)
	}
	if got := names(t, b.candidate.Sources); got != sources+" models/tumour/Dockerfile" {
		t.Errorf("sources: %s", got)
	}
	b = newBench()
	run(t, b.tools(t, tree), request(tree, "development"))
	if got := names(t, b.candidate.Changed); got != strings.Join(merged, " ") {
		t.Errorf("once merged: %s", got)
	}
	for _, hidden := range []string{"datasets/ward/data.csv", "policies/thresholds/data.yaml"} {
		if _, err := fs.ReadFile(b.candidate.Changed, hidden); err == nil {
			t.Errorf("%s is shown", hidden)
		}
	}
	if _, err := fs.ReadDir(b.candidate.Changed, "policies"); err == nil {
		t.Error("a folder is shown of which no file is")
	}
}

// clutterOf is clutter that validates.
func clutterOf(t *testing.T) map[string]string {
	t.Helper()
	valid := maps.Clone(clutter)
	for _, name := range []string{"clusters/ward.yaml", "models/other/model.yaml", "environments/staging/other.yaml"} {
		delete(valid, name)
	}
	return valid
}

// What the security gate looks into is an input of its measurement.
func TestAnotherDockerfileIsAnotherMeasurement(t *testing.T) {
	state := &State{Request: request(repository(nil), "development")}
	of := func(files map[string]string, scans ...gates.Scan) []evidence.Subject {
		candidate := gates.Candidate{Image: imageText, Changed: repository(files), Sources: repository(files), Scans: scans}
		inputs, err := inputsOf(context.Background(), state, gate{newBench(), gates.Security}, candidate)
		if err != nil {
			t.Fatal(err)
		}
		return inputs
	}
	same := of(nil)
	if !slices.Equal(same, of(nil)) {
		t.Error("the same files are other inputs")
	}
	for name, other := range map[string][]evidence.Subject{
		"change": of(map[string]string{"Dockerfile": "FROM a"}), "scans": of(nil, gates.Scan{Current: true}),
	} {
		changed := 0
		for i := range same {
			if same[i].Name == name && same[i].Digest != other[i].Digest {
				changed++
			}
		}
		if changed != 1 {
			t.Errorf("%s: %v", name, other)
		}
	}
}

func TestDockerfilesTerraformAndScansBearOnEveryPromotion(t *testing.T) {
	tree := repository(map[string]string{"models/other/main.tf": "x"})
	for name, want := range map[string]int{
		"infrastructure/main.tf": 1, "images/Dockerfile": 1, "scans/semgrep.json": 1, "models/tumour/Dockerfile": 1,
		"models/other/main.tf": 0, "datasets/other/Dockerfile": 0, "README.md": 0,
	} {
		pairs, err := Affected(tree, []string{name})
		if err != nil || len(pairs) != want {
			t.Errorf("%s bears on %v, %v", name, pairs, err)
		}
	}
}
