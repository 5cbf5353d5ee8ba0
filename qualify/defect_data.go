package qualify

import "github.com/mlops-clinical-trials/assay/gates"

// dataDefects are for the dataset gate. Limits: policies/thresholds/data.yaml.
var dataDefects = []Defect{
	{
		Name: "leakage", Gate: gates.Dataset, Expected: datasetRules("leakage"), Data: probabilities, plant: plantLeakage,
		About: "a column is added: the outcome plus normal noise; the number is the column's true AUROC",
		Strengths: []Strength{counted("1", 1), counted("0.995", 0.995), counted("0.99", 0.99),
			borderline("0.98", 0.98), borderline("0.97", 0.97)},
	},
	{
		Name: "leakage in text", Gate: gates.Dataset, Expected: datasetRules("leakage"), Data: everything, plant: plantPurity,
		About:     "a column of two words is added that tells the outcome; the number is the share of rows in which it is right",
		Strengths: []Strength{counted("1", 1), counted("0.995", 0.995), counted("0.99", 0.99), borderline("0.98", 0.98)},
	},
	{
		Name: "patient overlap", Gate: gates.Dataset, Expected: datasetRules("patient_overlap"), Data: everything, plant: plantOverlap,
		About:     "patients of the training rows stand in the holdout as well, under their own key",
		Strengths: []Strength{counted("1 patient", 1), counted("5 patients", 5), counted("50 patients", 50)},
	},
	{
		Name: "patient overlap, new key", Gate: gates.Dataset, Expected: datasetRules("patient_overlap"), Data: everything, plant: plantOverlapUnderNewKey,
		About:     "as above, but under another key: only the values betray it",
		Strengths: []Strength{counted("1 patient", 1), counted("5 patients", 5), counted("50 patients", 50)},
	},
	{
		Name: "identifiers", Gate: gates.Dataset, Expected: datasetRules("identifiers"), Data: everything, plant: plantIdentifiers,
		About:     "a column is added of which some values are identifiers of a person, of a kind that a draw picks of eleven; the number is how many rows",
		Strengths: []Strength{counted("1 row", 1), counted("20 rows", 20), counted("1000 rows", 1000)},
	},
	{
		Name: "drift", Gate: gates.Dataset, Expected: datasetRules("drift"), Data: everything, plant: plantDrift,
		About: "one column of the holdout is shifted; the number is by how many standard deviations",
		Strengths: []Strength{counted("1 SD", 1), counted("1.5 SD", 1.5), counted("2 SD", 2),
			borderline("0.5 SD", 0.5), borderline("0.25 SD", 0.25)},
	},
	{
		Name: "prevalence shift", Gate: gates.Dataset, Expected: datasetRules("drift"), Data: everything, plant: plantPrevalence,
		About: "the holdout is drawn by outcome, so that events are as much commoner (in ncctg-lung, where 72 % have one, rarer)",
		Strengths: []Strength{counted("0.25", 0.25), counted("0.35", 0.35), counted("0.50", 0.5),
			borderline("0.20", 0.2), borderline("0.10", 0.1)},
	},
	{
		Name: "duplicated rows", Gate: gates.Dataset, Expected: datasetRules("duplicates"), Data: everything, plant: plantDuplicates,
		About:     "rows of the training file stand in it twice",
		Strengths: []Strength{counted("1 row", 1), counted("5 rows", 5), counted("50 rows", 50)},
	},
	{
		Name: "missing values", Gate: gates.Dataset, Expected: datasetRules("missingness"), Data: everything, plant: plantMissing,
		About: "values of one feature are removed; the number is the share of rows",
		Strengths: []Strength{counted("0.25", 0.25), counted("0.40", 0.4), counted("0.80", 0.8),
			borderline("0.20", 0.2), borderline("0.10", 0.1)},
	},
	{
		Name: "conflicting labels", Gate: gates.Dataset, Expected: datasetRules("conflicting_labels"), Data: probabilities, plant: plantConflict,
		About:     "training patients stand there a second time, under another key and with the other outcome",
		Strengths: []Strength{counted("1 patient", 1), counted("5 patients", 5), counted("50 patients", 50)},
	},
}
