package promotion

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// recipeFile is where an artifact holds its recipe.
const recipeFile = "recipe.json"

// Recipe is all that determines a model. It travels inside the artifact, so a
// release can be measured again after its author has moved on.
type Recipe struct {
	Name              string               `json:"name"`
	Task              v1alpha1.Task        `json:"task"`
	Purpose           string               `json:"purpose"`
	RiskClass         string               `json:"riskClass"`
	Trainer           v1alpha1.Trainer     `json:"trainer"`
	Features          []string             `json:"features"`
	DecisionThreshold evidence.Decimal     `json:"decisionThreshold"`
	DecisionRange     *v1alpha1.Range      `json:"decisionRange,omitempty"`
	Horizon           evidence.Decimal     `json:"horizon,omitempty"`
	Dataset           string               `json:"dataset"`
	Data              evidence.Digest      `json:"data"`
	Contract          v1alpha1.DatasetSpec `json:"contract"`
}

func newRecipe(objects Objects) Recipe {
	spec := objects.Model.Spec
	contract := objects.Dataset.Spec
	contract.DataUse = v1alpha1.DataUse{} // a renewed agreement makes no new model
	recipe := Recipe{
		Name: objects.Model.Metadata.Name, Task: spec.Task, Purpose: spec.Purpose, RiskClass: spec.RiskClass,
		Trainer: spec.Trainer, Features: spec.Features,
		DecisionThreshold: evidence.Number(spec.DecisionThreshold), DecisionRange: spec.DecisionRange,
		Dataset: spec.Dataset, Data: evidence.Digest(contract.Digest), Contract: contract,
	}
	if spec.Horizon != 0 {
		recipe.Horizon = evidence.Number(spec.Horizon)
	}
	return recipe
}

// maxRecipe is far above an honest recipe: a contract of ten thousand columns.
const maxRecipe = 4 << 20

// readRecipe reads the recipe of a release that a registry gave.
func readRecipe(dir string) (Recipe, error) {
	file, err := os.Open(filepath.Join(dir, recipeFile))
	if err != nil {
		return Recipe{}, fmt.Errorf("reading the recipe of a release: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxRecipe+1))
	if err != nil {
		return Recipe{}, fmt.Errorf("reading the recipe of a release: %w", err)
	}
	recipe, err := parseRecipe(text)
	if err != nil {
		return Recipe{}, fmt.Errorf("reading the recipe of a release: %w", err)
	}
	return recipe, nil
}

// parseRecipe reads what train writes. A field that it does not know may be one
// on which the model depends, so it is an error.
func parseRecipe(text []byte) (Recipe, error) {
	var recipe Recipe
	if len(text) > maxRecipe {
		return recipe, fmt.Errorf("it is larger than %d bytes", maxRecipe)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&recipe); err != nil {
		return Recipe{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Recipe{}, errors.New("something stands behind the recipe")
	}
	return recipe, recipe.validate()
}

// validate refuses what would lead out of the folder of the data set. The
// rest of a recipe is checked by the trainer and the gates, which read it.
func (r Recipe) validate() error {
	if _, err := evidence.ParseDigest(string(r.Data)); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	for _, name := range []string{r.Dataset, r.Contract.Source} {
		if !fs.ValidPath(name) || name == "." || strings.Contains(name, "/") {
			return fmt.Errorf("%.80q is not the name of a file or folder", name)
		}
	}
	return nil
}

// Model gives the recipe back as the model's specification.
func (r Recipe) Model() v1alpha1.ModelSpec {
	spec := v1alpha1.ModelSpec{
		Task: r.Task, Purpose: r.Purpose, RiskClass: r.RiskClass, Dataset: r.Dataset, Trainer: r.Trainer,
		Features: r.Features, DecisionThreshold: r.DecisionThreshold.Float(), DecisionRange: r.DecisionRange,
	}
	if r.Horizon != "" {
		spec.Horizon = r.Horizon.Float()
	}
	return spec
}
