package promotion

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// honest is the recipe of the small repository, as train writes it.
func honest(t testing.TB) (Recipe, []byte) {
	t.Helper()
	objects, err := readObjects(repository(nil), Pair{"development", "tumour"})
	if err != nil {
		t.Fatal(err)
	}
	recipe := newRecipe(objects)
	text, err := json.Marshal(recipe)
	if err != nil {
		t.Fatal(err)
	}
	return recipe, text
}

func TestARecipeTravelsWithItsModel(t *testing.T) {
	recipe, text := honest(t)
	read, err := parseRecipe(text)
	if err != nil || !reflect.DeepEqual(read, recipe) {
		t.Fatalf("read %+v, %v\nwant %+v", read, err, recipe)
	}
	model := read.Model()
	if model.Trainer.Seed != 18446744073709551615 || model.DecisionThreshold != 0.5 || model.Features[0] != "marker" {
		t.Errorf("the model is %+v", model)
	}
}

// A renewed agreement makes no new model; another feature does.
func TestARecipeHoldsWhatDeterminesTheModel(t *testing.T) {
	recipe, _ := honest(t)
	before, err := digestOf(recipe)
	if err != nil {
		t.Fatal(err)
	}
	tree := repository(nil)
	for name, test := range map[string]struct {
		file, old, new string
		same           bool
	}{
		"agreement": {"datasets/ward/dataset.yaml", "  key:", "  dataUse: {agreement: DUA-7}\n  key:", true},
		"image":     {"models/tumour/model.yaml", "sha256:1111", "sha256:2222", true},
		"card":      {"models/tumour/card.yaml", "a card", "another card", true},
		"threshold": {"models/tumour/model.yaml", "decisionThreshold: 0.5", "decisionThreshold: 0.4", false},
		"seed":      {"models/tumour/model.yaml", "seed: 18446744073709551615", "seed: 1", false},
		"range":     {"datasets/ward/dataset.yaml", "min: 0", "min: 1", false},
	} {
		changed := repository(map[string]string{test.file: replace(t, tree, test.file, test.old, test.new)})
		objects, err := readObjects(changed, Pair{"development", "tumour"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if after, err := digestOf(newRecipe(objects)); err != nil || (after == before) != test.same {
			t.Errorf("%s: the same recipe is %v, want %v (%v)", name, after == before, test.same, err)
		}
	}
}

func TestAHostileRecipeIsRefused(t *testing.T) {
	_, text := honest(t)
	edit := func(old, new string) string { return strings.Replace(string(text), old, new, 1) }
	for name, test := range map[string]struct{ text, want string }{
		"unknown field":   {edit(`{"name"`, `{"postTrain":"x","name"`), "unknown field"},
		"deep unknown":    {edit(`"trainer":{`, `"trainer":{"shell":"x",`), "unknown field"},
		"second value":    {string(text) + `{}`, "something stands behind"},
		"half a value":    {string(text) + `"`, "something stands behind"},
		"cut short":       {string(text[:len(text)/2]), "unexpected EOF"},
		"empty":           {"", "EOF"},
		"another type":    {`["recipe"]`, "cannot unmarshal"},
		"null":            {"null", "is not a digest"},
		"exponent":        {edit(`"decisionThreshold":"0.5"`, `"decisionThreshold":"5e-1"`), "not decimal text"},
		"no digest":       {edit(`"data":"sha256:`, `"data":"sha512:`), "is not a digest"},
		"data elsewhere":  {edit(`"dataset":"ward"`, `"dataset":"../models"`), "not the name of a file or folder"},
		"data above":      {edit(`"dataset":"ward"`, `"dataset":".."`), "not the name of a file or folder"},
		"source with NUL": {edit(`"source":"data.csv"`, `"source":"x/../../y"`), "not the name of a file or folder"},
		"too deep":        {strings.Repeat("[", 20_000), ""},
		"too large":       {edit(`"purpose":"`, `"purpose":"`+strings.Repeat("x", maxRecipe)), "larger than"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, recipeFile), []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if recipe, err := readRecipe(dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, read %+v", name, err, recipe)
		}
	}
	if _, err := readRecipe(t.TempDir()); err == nil {
		t.Error("a release without a recipe has one")
	}
}

// FuzzAcceptedRecipesStayWhatTheyAre: whatever a registry answers, reading
// ends; and what is accepted names its data, and is the same recipe when it is
// written and read again.
func FuzzAcceptedRecipesStayWhatTheyAre(f *testing.F) {
	_, text := honest(f)
	f.Add(text)
	f.Add(bytes.ReplaceAll(text, []byte("ward"), []byte("..")))
	f.Add([]byte(`{"name":"a","NAME":"b","data":"` + string(evidence.Sum(nil)) + `","dataset":"d","contract":{"source":"s"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		recipe, err := parseRecipe(text)
		if err != nil {
			return
		}
		written, err := json.Marshal(recipe)
		if err != nil {
			t.Fatalf("%+v cannot be written: %v", recipe, err)
		}
		again, err := parseRecipe(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		rewritten, err := json.Marshal(again)
		if err != nil || !bytes.Equal(rewritten, written) {
			t.Fatalf("%s became %s (%v)", written, rewritten, err)
		}
		recipe.Model() // never panics
	})
}
