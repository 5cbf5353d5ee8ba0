package e2e

import (
	"os"
	"testing"
)

// mistake is a slip in a file that people write, and what they must be told.
type mistake struct{ kind, what, file, old, with, told string }

var mistakes = []mistake{
	{"Platform", "unknown field", "assay.yaml", "  environments:", "  enviroments: [staging]\n  environments:", `assay.yaml:7: unknown field "enviroments"`},
	{"Platform", "wrong type", "assay.yaml", "[development, staging, production]", "{first: development}", "assay.yaml:7: "},
	{"Platform", "missing field", "assay.yaml", "  environments: [development, staging, production]\n", "", "assay.yaml:6: spec.environments: names no environment"},

	{"Model", "unknown field", "models/breast-malignancy/model.yaml", "decisionThreshold:", "decisionTreshold:", `models/breast-malignancy/model.yaml:26: unknown field "decisionTreshold"`},
	{"Model", "wrong type", "models/breast-malignancy/model.yaml", "decisionThreshold: 0.2", "decisionThreshold: low", `models/breast-malignancy/model.yaml:26: decisionThreshold: "low" is not a number`},
	{"Model", "missing field", "models/breast-malignancy/model.yaml", "  riskClass: moderate\n", "", "models/breast-malignancy/model.yaml:6: spec.riskClass: "},

	{"ModelCard", "unknown field", "models/breast-malignancy/card.yaml", "    intendedUse:", "    intendeduse:", `models/breast-malignancy/card.yaml:20: unknown field "intendeduse"`},
	{"ModelCard", "wrong type", "models/breast-malignancy/card.yaml", "contact: decision-support@example.org", "contact: [decision-support]", "models/breast-malignancy/card.yaml:8: "},
	{"ModelCard", "missing field", "models/breast-malignancy/card.yaml", "metadata:\n  name: breast-malignancy\n", "", "models/breast-malignancy/card.yaml:1: metadata.name: "},

	{"Dataset", "unknown field", "datasets/wdbc/dataset.yaml", "  label: malignant", "  labels: malignant", `datasets/wdbc/dataset.yaml:9: unknown field "labels"`},
	{"Dataset", "wrong type", "datasets/wdbc/dataset.yaml", "min: 0, max: 60", "min: none, max: 60", `datasets/wdbc/dataset.yaml:22: "none" is not a number`},
	{"Dataset", "missing field", "datasets/wdbc/dataset.yaml", "    holdout: holdout\n", "", "datasets/wdbc/dataset.yaml:15: spec.split.holdout: is required"},

	{"Environment", "unknown field", "environments/staging/environment.yaml", "  after:", "  behind:", `environments/staging/environment.yaml:6: unknown field "behind"`},
	{"Environment", "wrong type", "environments/staging/environment.yaml", "profile: staging", "profile: [staging]", "environments/staging/environment.yaml:7: "},
	{"Environment", "missing field", "environments/staging/environment.yaml", "  profile: staging\n", "", "environments/staging/environment.yaml:6: spec.profile: "},

	{"Promotion", "unknown field", "environments/development/breast-malignancy.yaml", "  replicas:", "  replica:", `environments/development/breast-malignancy.yaml:8: unknown field "replica"`},
	{"Promotion", "wrong type", "environments/development/breast-malignancy.yaml", "replicas: 1", "replicas: one", `environments/development/breast-malignancy.yaml:8: replicas: "one" is not a whole number`},
	{"Promotion", "missing field", "environments/development/breast-malignancy.yaml", "  model: breast-malignancy\n", "", "environments/development/breast-malignancy.yaml:7: spec.model: "},

	{"Cluster", "unknown field", "clusters/local.yaml", "  region:", "  zone:", `clusters/local.yaml:7: unknown field "zone"`},
	{"Cluster", "wrong type", "clusters/local.yaml", "[development, staging, production]", "all", "clusters/local.yaml:8: "},
	{"Cluster", "missing field", "clusters/local.yaml", "  cloud: none\n", "", "clusters/local.yaml:6: spec.cloud: "},
}

// A mistake of form is told with its file, its line and its field, before
// anything is trained, kept or pushed.
func TestAMistakeIsToldWhereItStands(t *testing.T) {
	t.Parallel()
	bench := newBench(t, "breast-malignancy")
	for _, one := range mistakes {
		t.Run(one.kind+" "+one.what, func(t *testing.T) {
			bench.pushed(proposal, func() error { return bench.replace(one.file, one.old, one.with) })
			outcome := bench.check(proposal)
			expect(t, outcome.Error, one.told)
			if outcome.Allowed || len(outcome.Promotions) > 0 {
				t.Errorf("it went on: %+v", outcome)
			}
		})
	}
	if _, err := os.Stat(bench.ledger()); !os.IsNotExist(err) {
		t.Errorf("something was kept: %v", err)
	}
	if models, err := bench.registry.models(); err != nil || len(models) > 0 {
		t.Errorf("something was pushed: %v, %v", models, err)
	}
}
