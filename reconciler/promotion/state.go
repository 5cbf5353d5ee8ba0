package promotion

import (
	"encoding/json"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// State is how far a promotion has come. Each phase adds to it.
type State struct {
	Request Request

	// fetch
	Objects Objects
	Recipe  Recipe
	Train   File // training rows
	Holdout File // holdout rows

	// train
	Release    evidence.Subject
	ModelDir   string
	Provenance evidence.Envelope // of a pinned release: the one it came with

	// measure
	Champion evidence.Subject
	Measured []evidence.Measurements

	// attest
	Envelopes []evidence.Envelope

	// judge
	Verdict gates.Verdict

	// render and deliver
	Files  map[string][]byte
	Branch string // commit of the environment's branch

	Outputs []Output
}

// File is a local file by path and content.
type File struct {
	Path   string
	Digest evidence.Digest
}

// Objects are the files of the promotion repository that bear on a promotion.
type Objects struct {
	Model       v1alpha1.Model
	Card        v1alpha1.ModelCard
	Dataset     v1alpha1.Dataset
	Environment v1alpha1.Environment
	Promotion   v1alpha1.Promotion
}

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
	Dataset           string               `json:"dataset"`
	Data              evidence.Digest      `json:"data"`
	Contract          v1alpha1.DatasetSpec `json:"contract"`
}

func newRecipe(objects Objects) Recipe {
	spec := objects.Model.Spec
	contract := objects.Dataset.Spec
	contract.DataUse = v1alpha1.DataUse{} // a renewed agreement makes no new model
	return Recipe{
		Name: objects.Model.Metadata.Name, Task: spec.Task, Purpose: spec.Purpose, RiskClass: spec.RiskClass,
		Trainer: spec.Trainer, Features: spec.Features, DecisionThreshold: evidence.Number(spec.DecisionThreshold),
		Dataset: spec.Dataset, Data: evidence.Digest(contract.Digest), Contract: contract,
	}
}

// Model gives the recipe back as the model's specification.
func (r Recipe) Model() v1alpha1.ModelSpec {
	return v1alpha1.ModelSpec{
		Task: r.Task, Purpose: r.Purpose, RiskClass: r.RiskClass, Dataset: r.Dataset, Trainer: r.Trainer,
		Features: r.Features, DecisionThreshold: r.DecisionThreshold.Float(),
	}
}

// digestOf names a value by its JSON: struct fields come in their order, maps
// in the order of their keys, so the same value is the same digest.
func digestOf(values ...any) (evidence.Digest, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return "", err
	}
	return evidence.Sum(text), nil
}
