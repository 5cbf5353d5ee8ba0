package promotion

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var development, staging = Pair{"development", "tumour"}, Pair{"staging", "tumour"}

func contentOfPair(t *testing.T, tree fstest.MapFS, pair Pair) evidence.Digest {
	t.Helper()
	digest, err := Content(tree, pair)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// What people approve is every byte of what a promotion consists of, and
// nothing else.
func TestContentIsWhatAPromotionConsistsOf(t *testing.T) {
	before := contentOfPair(t, repository(nil), development)
	for name, bound := range map[string]bool{
		"models/tumour/model.yaml": true, "models/tumour/card.yaml": true, "datasets/ward/dataset.yaml": true,
		"environments/development/environment.yaml": true, "environments/development/tumour.yaml": true,
		"assay.yaml": false, "environments/staging/environment.yaml": false, "datasets/ward/data.csv": false,
	} {
		tree := repository(nil)
		tree[name] = &fstest.MapFile{Data: append(slices.Clone(tree[name].Data), "# a word\n"...)}
		if after := contentOfPair(t, tree, development); (after != before) != bound {
			t.Errorf("%s: content changed: %t, want %t", name, after != before, bound)
		}
	}
	governed := repository(map[string]string{
		"models/tumour/governance.yaml": "apiVersion: assay.dev/v1alpha1\nkind: Governance\nmetadata: {name: tumour}\nspec: {reviewBy: \"2027-01-01\"}\n",
		"policies/own.rego":             "package own\n", "models/tumour/notes.md": "notes",
	})
	if after := contentOfPair(t, governed, development); after == before {
		t.Error("the record of governance is not part of it")
	}
	delete(governed, "models/tumour/governance.yaml")
	if after := contentOfPair(t, governed, development); after != before {
		t.Error("something else is part of it")
	}
}

// A release that is pinned is approved as it is: what happens to the recipe in
// development does not void it; what it takes from the repository does.
func TestThePinnedReleaseKeepsItsApprovals(t *testing.T) {
	release := pinned(evidence.Sum([]byte("a release")))
	before := contentOfPair(t, repository(map[string]string{staging.File(): release}), staging)
	for name, story := range map[string]struct {
		file, old, new string
		bound          bool
	}{
		"another penalty": {"models/tumour/model.yaml", "penalty: 0.1", "penalty: 0.3", false},
		"a new threshold": {"models/tumour/model.yaml", "decisionThreshold: 0.5", "decisionThreshold: 0.4", false},
		"serving image":   {"models/tumour/model.yaml", strings.Repeat("1", 64), strings.Repeat("2", 64), true},
		"another column":  {"datasets/ward/dataset.yaml", "min: 0", "min: 1", false},
		"another use":     {"datasets/ward/dataset.yaml", "  key: patient_id", "  dataUse: {agreement: DUA-2}\n  key: patient_id", true},
		"the card":        {"models/tumour/card.yaml", "a card", "another card", true},
		"the release":     {staging.File(), "release: \"sha256:", "release: \"sha256:0", true},
		"the profile":     {"environments/staging/environment.yaml", "profile: staging", "profile: production", true},
	} {
		tree := repository(map[string]string{staging.File(): release})
		text := strings.Replace(string(tree[story.file].Data), story.old, story.new, 1)
		if name == "the release" {
			text = pinned(evidence.Sum([]byte("another release")))
		}
		tree[story.file] = &fstest.MapFile{Data: []byte(text)}
		if after := contentOfPair(t, tree, staging); (after != before) != story.bound {
			t.Errorf("%s: content changed: %t, want %t", name, after != before, story.bound)
		}
	}
}

// Two promotions are never the same content, or one approval would be of both.
func TestNoTwoPromotionsAreTheSameContent(t *testing.T) {
	tree := repository(map[string]string{staging.File(): string(repository(nil)[development.File()].Data)})
	tree["environments/staging/environment.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(tree["environments/development/environment.yaml"].Data), "development}", "staging}"))}
	if contentOfPair(t, tree, development) == contentOfPair(t, tree, staging) {
		t.Error("development and staging are the same content")
	}
	for _, missing := range []string{"models/tumour/model.yaml", "models/tumour/card.yaml", "datasets/ward/dataset.yaml", development.File()} {
		tree := maps.Clone(repository(nil))
		delete(tree, missing)
		if digest, err := Content(tree, development); err == nil {
			t.Errorf("without %s its content is %s", missing, digest)
		}
	}
}

func TestTheRecipeIsWhatTrainsAModel(t *testing.T) {
	before, err := RecipeOf(repository(nil), "tumour")
	if err != nil {
		t.Fatal(err)
	}
	for old, story := range map[string]struct {
		file, new string
		bound     bool
	}{
		"penalty: 0.1":          {"models/tumour/model.yaml", "penalty: 0.3", true},
		"min: 0":                {"datasets/ward/dataset.yaml", "min: 1", true},
		strings.Repeat("1", 64): {"models/tumour/model.yaml", strings.Repeat("2", 64), false},
		"a card":                {"models/tumour/card.yaml", "another", false},
	} {
		tree := repository(nil)
		tree[story.file] = &fstest.MapFile{Data: []byte(replace(t, tree, story.file, old, story.new))}
		after, err := RecipeOf(tree, "tumour")
		if err != nil || (after != before) != story.bound {
			t.Errorf("%q: recipe changed: %t, %v", old, after != before, err)
		}
	}
	if _, err := RecipeOf(repository(nil), "nothing"); err == nil {
		t.Error("a model that is not there has a recipe")
	}
}
