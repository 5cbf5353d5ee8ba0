package qualify

import "github.com/mlops-clinical-trials/assay/gates"

// performanceDefects are for the performance gate.
var performanceDefects = []Defect{
	{
		Name: "miscalibration", Gate: gates.Performance, Expected: performanceRules("calibration"), Data: probabilities, plant: plantSlope,
		About: "scores are multiplied on the logit scale until the true calibration slope is the number",
		Strengths: []Strength{counted("0.5", 0.5), counted("0.67", 2.0/3), counted("2", 2),
			borderline("0.8", 0.8), borderline("0.9", 0.9), borderline("1.2", 1.2)},
	},
	{
		Name: "shifted risks", Gate: gates.Performance, Expected: performanceRules("calibration_in_the_large"), Data: probabilities, plant: plantIntercept,
		About: "scores are shifted on the logit scale, the slope stays 1, until true events over expected ones are the number",
		Strengths: []Strength{counted("0.50", 0.5), counted("0.67", 2.0/3), counted("1.5", 1.5), counted("2", 2),
			borderline("0.80", 0.8), borderline("0.90", 0.9), borderline("1.25", 1.25)},
	},
	{
		Name: "worse than the champion", Gate: gates.Performance, Expected: performanceRules("non_inferiority"), Data: everything, plant: plantNoise,
		About: "the scores of some patients are exchanged among them; the number is their share",
		Strengths: []Strength{counted("0.2", 0.2), counted("0.35", 0.35), counted("0.5", 0.5),
			borderline("0.1", 0.1), borderline("0.05", 0.05), borderline("0.02", 0.02)},
	},
	{
		Name: "inverted labels", Gate: gates.Performance, Expected: performanceRules("non_inferiority", "discrimination", "concordance"), Data: everything, plant: plantInversion,
		About:     "the model has learnt the outcome the wrong way round, for that share of patients",
		Strengths: []Strength{counted("0.2", 0.2), counted("0.5", 0.5), counted("1", 1), borderline("0.05", 0.05)},
	},
	{
		Name: "overfitted model", Gate: gates.Performance, Expected: performanceRules("optimism"), Data: everything, plant: plantOptimism,
		About: "scores of the holdout, and not of training, are exchanged among its patients until true discrimination (AUROC or C) is lower there by the number",
		Strengths: []Strength{counted("0.08", 0.08), counted("0.10", 0.1), counted("0.15", 0.15),
			borderline("0.05", 0.05), borderline("0.03", 0.03), borderline("0.01", 0.01)},
	},
	{
		Name: "unstable scores", Gate: gates.Performance, Expected: performanceRules("deterministic"), Data: everything, plant: plantInstability,
		About:     "patients of the holdout get another score when the model is asked again, in the last bit",
		Strengths: []Strength{counted("1 patient", 1), counted("50 patients", 50), counted("1000 patients", 1000)},
	},
	{
		Name: "self-comparison", Gate: gates.Performance, Data: everything, plant: plantSelf, noticed: tellsItself,
		About:     "the champion is the candidate: 1, the same artifact (refused); 2, another name for the same scores; 3, the same ranks on another scale (told as no difference, and no improvement)",
		Strengths: []Strength{counted("1", sameArtifact), counted("2", sameScores), counted("3", sameRanks)},
	},
}

// biasDefects are for the bias gate. The cohort that is served worse is b.
var biasDefects = []Defect{
	{
		Name: "biased subgroup", Gate: gates.Bias, Data: probabilities, plant: plantBias,
		Expected: biasRules("equal_opportunity", "worst_cohort_sensitivity", "cohort_regression"),
		About:    "scores of one cohort are shifted down until its true sensitivity is lower by the number",
		Strengths: []Strength{counted("0.15", 0.15), counted("0.25", 0.25), counted("0.40", 0.4),
			borderline("0.10", 0.1), borderline("0.05", 0.05), borderline("0.02", 0.02)},
	},
	{
		Name: "false alarms in a subgroup", Gate: gates.Bias, Expected: biasRules("false_positive_rate"), Data: []string{breast}, plant: plantAlarms,
		About: "scores of one cohort are shifted up until its true false positive rate is higher by the number",
		Strengths: []Strength{counted("0.15", 0.15), counted("0.25", 0.25), counted("0.40", 0.4),
			borderline("0.10", 0.1), borderline("0.05", 0.05)},
	},
	{
		Name: "scrambled subgroup", Gate: gates.Bias, Expected: biasRules("discrimination_gap"), Data: everything, plant: plantScramble,
		About: "within one cohort the scores of some patients are exchanged among them; the number is their share",
		Strengths: []Strength{counted("0.5", 0.5), counted("0.75", 0.75), counted("1", 1),
			borderline("0.2", 0.2), borderline("0.1", 0.1), borderline("0.05", 0.05)},
	},
	{
		Name: "shrunk subgroup", Gate: gates.Bias, Expected: biasRules("equal_opportunity", "discrimination_gap"), Data: everything, plant: plantShrink,
		About: "all but that many patients with the event leave one cohort for the other: nothing is shown about it, so it must not pass",
		Strengths: []Strength{counted("0 events", 0), counted("5 events", 5), counted("15 events", 15),
			borderline("60 events", 60), borderline("200 events", 200)},
	},
}
