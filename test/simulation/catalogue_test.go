package simulation

import (
	"fmt"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var (
	environments = []string{"development", "staging", "production"}
	models       = []string{"lesion", "tumour"}
)

// Features by how well they tell patients apart: marker passes everywhere,
// trend in development alone, and noise nowhere.
const (
	marker = "marker"
	trend  = "trend"
	noise  = "noise"
)

const servingImage = "registry.example.org/serving@sha256:1111111111111111111111111111111111111111111111111111111111111111"

// rowsText has a training row and twenty of the holdout, ten of them with the event.
var rowsText = func() string {
	var text strings.Builder
	text.WriteString("patient_id,marker,trend,noise,died,part\np0,1,1,1,0,train\n")
	for i := range 20 {
		died := i % 2
		rank := i / 2
		trend := rank + 4*died // overlaps for some
		fmt.Fprintf(&text, "p%d,%d,%d,%d,%d,holdout\n", i+1, rank+10*died, trend, rank, died)
	}
	return text.String()
}()

func header(kind, name string) string {
	return "apiVersion: assay.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n"
}

func recipeText(model, feature string, seed uint64) string {
	return header("Model", model) + "  task: binary\n  purpose: detection\n  riskClass: low\n  dataset: ward\n  features: [" + feature + "]\n" +
		fmt.Sprintf("  decisionThreshold: 0.5\n  trainer: {kind: logistic, seed: %d, penalty: 0.1}\n", seed) +
		"  serving: {image: \"" + servingImage + "\"}\n"
}

func promotionText(model string, release evidence.Digest) string {
	text := header("Promotion", model) + "  model: " + model + "\n"
	if release != "" {
		text += "  release: " + string(release) + "\n"
	}
	return text
}

func quarantineText(name string, release evidence.Digest) string {
	return header("Quarantine", name) + "  digest: " + string(release) + "\n  reason: a recall\n"
}

func recipeFile(model string) string { return "models/" + model + "/model.yaml" }
func promotionFile(environment, model string) string {
	return "environments/" + environment + "/" + model + ".yaml"
}

// catalogue is the promotion repository as it begins: two models in
// development, and nothing in the other environments yet.
func catalogue() map[string]string {
	files := map[string]string{
		"assay.yaml": header("Platform", "simulation") + "  registry: registry.example.org/assay\n  environments: [" + strings.Join(environments, ", ") + "]\n",
		"datasets/ward/dataset.yaml": header("Dataset", "ward") + "  source: data.csv\n  digest: " + string(evidence.Sum([]byte(rowsText))) +
			"\n  columns: [{name: patient_id, type: text}, {name: marker, type: number}, {name: trend, type: number}, {name: noise, type: number}, {name: died, type: integer}, {name: part, type: text}]\n" +
			"  key: patient_id\n  label: died\n  split: {column: part, train: train, holdout: holdout}\n",
		"datasets/ward/data.csv": rowsText,
	}
	for i, environment := range environments {
		text := header("Environment", environment)
		if i > 0 {
			text += "  after: " + environments[i-1] + "\n"
		}
		files["environments/"+environment+"/environment.yaml"] = text + "  profile: " + environment + "\n  namespace: models-" + environment + "\n"
	}
	for _, model := range models {
		files[recipeFile(model)] = recipeText(model, marker, 1)
		files["models/"+model+"/card.yaml"] = header("ModelCard", model) + "  summary: a card\n"
		files[promotionFile(environments[0], model)] = promotionText(model, "")
	}
	return files
}

// good tells how well a model made of a feature does, independently of what
// measures and of who judges.
func good(feature, environment string) bool {
	switch feature {
	case marker:
		return true
	case trend:
		return environment == "development"
	}
	return false
}
