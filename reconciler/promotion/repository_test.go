package promotion

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func TestASoundRepositoryIsValid(t *testing.T) {
	if err := Validate(repository(nil)); err != nil {
		t.Error(err)
	}
}

func TestValidateTellsAllMistakesAtOnceByFileAndLine(t *testing.T) {
	tree := repository(nil)
	broken := repository(map[string]string{
		"models/tumour/model.yaml":     replace(t, tree, "models/tumour/model.yaml", "task: binary", "task: divination"),
		"datasets/ward/dataset.yaml":   replace(t, tree, "datasets/ward/dataset.yaml", "key: patient_id", "key: nobody"),
		"environments/staging/x.yaml":  "kind: [",
		"clusters/local.yaml":          "apiVersion: assay.dev/v1alpha1\nkind: Cluster\nmetadata: {name: local}\nspec: {cloud: mars}\n",
		"models/tumour/card.yaml":      "",
		"models/lung/model.yaml":       string(tree["models/tumour/model.yaml"].Data),
		"environments/moon/earth.yaml": pinned(evidence.Sum(nil)),
		"environments/staging/tumour.yaml": "apiVersion: assay.dev/v1alpha1\nkind: Promotion\nmetadata: {name: tumour}\n" +
			"spec: {model: tumour, release: latest}\n",
	})
	err := Validate(broken)
	if err == nil {
		t.Fatal("it is valid")
	}
	for _, want := range []string{
		"models/tumour/model.yaml:5: spec.task:", "datasets/ward/dataset.yaml:7: spec.columns:", "environments/staging/x.yaml:",
		"clusters/local.yaml:4: spec.cloud:", `models/lung/model.yaml: metadata.name: "tumour" is not the name of the folder`,
		"environments/moon/earth.yaml: assay.yaml: spec.environments does not list", "environments/staging/tumour.yaml:4: spec.release:",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in\n%v", want, err)
		}
	}
}

func TestValidateFindsWhatDoesNotFitTogether(t *testing.T) {
	tree := repository(nil)
	staging := "environments/staging/environment.yaml"
	for name, test := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"no platform":            {map[string]string{"assay.yaml": ""}, "reading assay.yaml"},
		"no environment":         {map[string]string{staging: ""}, "assay.yaml: spec.environments: there is no " + staging},
		"an environment too few": {map[string]string{"environments/moon/environment.yaml": string(tree[staging].Data)}, `does not list "moon"`},
		"order turned round": {map[string]string{"assay.yaml": replace(t, tree, "assay.yaml", "[development, staging]", "[staging, development]")},
			"assay.yaml lists staging first"},
		"after nobody": {map[string]string{staging: replace(t, tree, staging, "after: development", "after: mars")}, `"mars" is not an environment`},
		"a promotion of no model": {map[string]string{"environments/staging/lung.yaml": strings.ReplaceAll(pinned(evidence.Sum(nil)), "tumour", "lung")},
			"there is no models/lung/model.yaml"},
		"a promotion of another": {map[string]string{"environments/staging/lung.yaml": pinned(evidence.Sum(nil))}, `"tumour" is not the name of the file`},
		"a model named ..": {map[string]string{"environments/staging/...yaml": strings.ReplaceAll(pinned(evidence.Sum(nil)), "tumour", "..")},
			`".." is not a name`},
		"a folder instead of a file": {map[string]string{"environments/staging/lung.yaml/x": "x"}, "it is not a file of at most"},
		"a file too large":           {map[string]string{"models/tumour/card.yaml": strings.Repeat("#", maxObject+1)}, "it is not a file of at most"},
		"an environment with slash": {map[string]string{"assay.yaml": replace(t, tree, "assay.yaml", "staging]", "../models]")},
			`"../models" is not a name`},
	} {
		if err := Validate(repository(test.changes)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSymlinksAreNotFollowedIntoObjects(t *testing.T) {
	tree := repository(nil)
	tree["models/tumour/card.yaml"] = &fstest.MapFile{Data: []byte("/dev/zero"), Mode: fs.ModeSymlink | 0o777}
	if err := Validate(tree); err == nil {
		t.Error("a symlink was read")
	}
}

func TestPairsAreInTheOrderOfEnvironmentsThenModels(t *testing.T) {
	tree := repository(map[string]string{
		"environments/staging/tumour.yaml": pinned(evidence.Sum(nil)), "environments/staging/breast.yaml": "x",
		"environments/development/README.md": "x", "environments/staging/notes/x.yaml": "x", "environments/other/tumour.yaml": "x",
	})
	pairs, err := Pairs(tree)
	if got := fmt.Sprint(pairs); err != nil || got != "[{development tumour} {staging breast} {staging tumour}]" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Pairs(fstest.MapFS{}); err == nil {
		t.Error("nothing has pairs")
	}
}

func TestWhichPathsTouchWhichPromotions(t *testing.T) {
	tree := repository(map[string]string{"environments/staging/tumour.yaml": pinned(evidence.Sum(nil))})
	for changed, want := range map[string]string{
		"assay.yaml":                                "development staging",
		"policies/thresholds/data.yaml":             "development staging",
		"models/tumour/model.yaml":                  "development staging", // the serving image is in it
		"models/tumour/card.yaml":                   "development staging",
		"datasets/ward/data.csv":                    "development",         // staging is pinned to a release
		"datasets/ward/dataset.yaml":                "development staging", // the agreement on data use is in it
		"environments/staging/tumour.yaml":          "staging",
		"environments/staging/environment.yaml":     "staging",
		"environments/development/tumour.yaml":      "development",
		"environments/development/environment.yaml": "development",
		"environments/staging/lung.yaml":            "",
		"models/tumour2/model.yaml":                 "",
		"datasets/ward2/data.csv":                   "",
		"README.md":                                 "",
		"policies":                                  "",
		"":                                          "",
	} {
		pairs, err := Affected(tree, []string{"docs/x.md", changed})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, pair := range pairs {
			got = append(got, pair.Environment)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q touches %v, want %q", changed, got, want)
		}
	}
	if pairs, err := Affected(tree, nil); err != nil || len(pairs) != 0 {
		t.Errorf("no change touches %v, %v", pairs, err)
	}
}

func TestObjectsAreReadForAPromotionThatIsThere(t *testing.T) {
	for _, pair := range []Pair{{"moon", "tumour"}, {"development", "lung"}, {"development", ".."}, {"..", "tumour"}, {"development", "../staging/tumour"}} {
		if objects, err := readObjects(repository(nil), pair); err == nil {
			t.Errorf("%v: %+v", pair, objects)
		}
	}
}

// FuzzValidateEndsAndNamesAFile: whatever stands in a repository, Validate
// ends, and every line of its answer names a file.
func FuzzValidateEndsAndNamesAFile(f *testing.F) {
	names := []string{"assay.yaml", "models/tumour/model.yaml", "environments/staging/environment.yaml", "environments/staging/...yaml", "datasets/ward/dataset.yaml"}
	for i, name := range names {
		f.Add(i, []byte("kind: Nonsense"))
		if file := repository(nil)[name]; file != nil {
			f.Add(i, file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, which int, content []byte) {
		tree := repository(nil)
		tree[names[uint(which)%uint(len(names))]] = &fstest.MapFile{Data: content}
		if err := Validate(tree); err != nil && !slices.ContainsFunc([]string{"assay.yaml", "models/", "environments/", "datasets/"}, func(part string) bool {
			return strings.Contains(err.Error(), part)
		}) {
			t.Errorf("no file is named: %v", err)
		}
		if pairs, err := Pairs(tree); err == nil {
			for _, pair := range pairs {
				_, _ = readObjects(tree, pair) // never panics
			}
		}
	})
}
