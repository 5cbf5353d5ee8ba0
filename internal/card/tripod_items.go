package card

// asked is one item of the checklist: what it asks for, in our words, and what
// may answer it.
type asked struct {
	item, asks   string
	fields       []string // of the card
	measurements []string // <gate>.<name>
}

// checklist are the 52 items of TRIPOD+AI, 27 with their parts.
var checklist = []asked{
	{"1", "title: prediction model, population, outcome", nil, nil},
	{"2", "abstract", []string{"summary"}, nil},
	{"3a", "clinical context, and models that exist", nil, nil},
	{"3b", "whom it is for, what for, and who uses it", []string{"uses.population", "uses.intendedUse", "uses.intendedUsers", "uses.decisionRole"}, nil},
	{"3c", "known inequalities between groups", []string{"warnings.knownBiases"}, nil},
	{"4", "objectives: development, evaluation or both", []string{"keyMetrics.usefulness.goal"}, nil},
	{"5a", "sources of data, and why they represent the patients", []string{"trust.developmentData", "development.relevance"}, nil},
	{"5b", "dates of the data", nil, []string{"dataset.extracted"}},
	{"6a", "setting, and how many centres", []string{"trust.developmentData"}, nil},
	{"6b", "who was eligible", []string{"development.criteria"}, nil},
	{"6c", "treatments that were received", nil, nil},
	{"7", "preparation and quality of the data", []string{"trust.inputData"}, []string{"dataset.duplicate_rows", "dataset.duplicate_keys", "dataset.type_violations"}},
	{"8a", "outcome, its time, and how it was assessed", []string{"trust.outputs"}, []string{"dataset.adjudication_stated", "performance.horizons"}},
	{"8b", "who assessed a subjective outcome", nil, []string{"dataset.raters"}},
	{"8c", "blinding of that assessment", nil, nil},
	{"9a", "how predictors were chosen", []string{"trust.biasMitigation"}, nil},
	{"9b", "predictors, and how they were measured", []string{"trust.inputData", "development.demographicInputs"}, nil},
	{"9c", "who assessed subjective predictors", nil, nil},
	{"10", "sample size", nil, []string{"dataset.events", "dataset.non_events", "dataset.development_n_required"}},
	{"11", "missing data", nil, []string{"dataset.missing_fraction"}},
	{"12a", "use of the data: training and evaluation apart", nil, []string{"dataset.patient_overlap", "dataset.row_overlap"}},
	{"12b", "handling of predictors", []string{"trust.dataTypes"}, nil},
	{"12c", "type of model, and how it was built", []string{"trust.modelType", "trust.biasMitigation"}, nil},
	{"12d", "differences between clusters", nil, []string{"dataset.external_split"}},
	{"12e", "measures of performance", []string{"keyMetrics.usefulness.testType", "keyMetrics.usefulness.validation"}, []string{"performance.auroc", "performance.c_index", "performance.calibration_slope", "performance.net_benefit_gain"}},
	{"12f", "updating after evaluation", []string{"upkeep.updates"}, nil},
	{"12g", "how predictions were made for evaluation", []string{"keyMetrics.usefulness.testingData"}, []string{"performance.unstable_scores"}},
	{"13", "class imbalance", nil, []string{"performance.prevalence"}},
	{"14", "fairness: approach and why", []string{"development.fairness", "keyMetrics.fairness.goal"}, []string{"bias.group_columns"}},
	{"15", "output, and thresholds", []string{"trust.outputs", "uses.howToUse"}, nil},
	{"16", "differences between training and evaluation data", nil, []string{"dataset.prevalence_difference", "dataset.domain_classifier_auroc"}},
	{"17", "ethics approval, or why none", []string{"transparency.consent"}, []string{"compliance.ethics_decision"}},
	{"18a", "funding", []string{"transparency.funding"}, nil},
	{"18b", "conflicts of interest", nil, nil},
	{"18c", "protocol", []string{"resources.trial"}, nil},
	{"18d", "registration", []string{"resources.trial"}, []string{"compliance.registration_given"}},
	{"18e", "sharing of data", []string{"trust.developmentData"}, nil},
	{"18f", "sharing of code", nil, nil},
	{"19", "involvement of patients and the public", []string{"transparency.stakeholders"}, nil},
	{"20a", "flow of participants, and events", nil, []string{"dataset.events", "dataset.non_events", "performance.median_follow_up"}},
	{"20b", "characteristics of participants", []string{"development.representativeness"}, []string{"dataset.missing_fraction"}},
	{"20c", "comparison with the development data", nil, []string{"dataset.ks", "dataset.prevalence_difference"}},
	{"21", "participants and events of each analysis", nil, []string{"performance.events", "performance.non_events"}},
	{"22", "the whole model: code, object or coefficients", []string{"trust.modelType"}, []string{"compliance.model_specification", "security.model_files"}},
	{"23a", "performance with intervals, also in subgroups", nil, []string{
		"performance.auroc", "performance.sensitivity", "performance.specificity", "performance.calibration_slope", "performance.c_index",
		"bias.sensitivity", "bias.auroc", "bias.c_index",
	}},
	{"23b", "heterogeneity between clusters", nil, []string{"bias.auroc_gap", "bias.c_index_gap", "bias.equal_opportunity_difference"}},
	{"24", "results of updating", nil, nil},
	{"25", "interpretation, fairness included", []string{"keyMetrics.usefulness.interpretation", "keyMetrics.fairness.interpretation"}, nil},
	{"26", "limitations", []string{"warnings.knownRisks", "warnings.knownBiases", "uses.outOfScope"}, nil},
	{"27a", "inputs that are poor or missing", nil, []string{"performance.missing_input_answered", "performance.missing_input_refused", "performance.garbage_input_refused"}},
	{"27b", "whether users interact, and what they must know", []string{"uses.howToUse", "uses.intendedUsers"}, nil},
	{"27c", "next steps of research", []string{"upkeep.localValidity"}, nil},
}
