package v1alpha1

// ModelCard is models/<model>/card.yaml: the leaf fields that the CHAI Applied
// Model Card (v0.2) requires of a human author. Measured numbers are not
// written here: they are in the evidence.
type ModelCard struct {
	Header `yaml:",inline" json:",inline"`
	Spec   CardSpec `yaml:"spec" json:"spec"`
}

// CardSpec is the body of a ModelCard, in CHAI's order.
type CardSpec struct {
	BasicInfo    BasicInfo    `yaml:"basicInfo" json:"basicInfo"`
	ReleaseInfo  ReleaseInfo  `yaml:"releaseInfo" json:"releaseInfo"`
	Summary      string       `yaml:"summary" json:"summary"`
	Uses         Uses         `yaml:"uses" json:"uses"`
	Warnings     Warnings     `yaml:"warnings" json:"warnings"`
	Trust        Trust        `yaml:"trust" json:"trust"`
	Transparency Transparency `yaml:"transparency" json:"transparency"`

	Keywords           []string           `yaml:"keywords,omitempty" json:"keywords,omitempty"`
	Development        Development        `yaml:"development" json:"development"`
	ExternalValidation ExternalValidation `yaml:"externalValidation" json:"externalValidation"`
	Upkeep             Upkeep             `yaml:"upkeep" json:"upkeep"`
	KeyMetrics         KeyMetrics         `yaml:"keyMetrics" json:"keyMetrics"`
	Resources          Resources          `yaml:"resources" json:"resources"`
}

// Development is group 4 of the source attributes of 45 CFR 170.315(b)(11)(iv)(B).
type Development struct {
	Criteria           string `yaml:"criteria" json:"criteria"`                     // inclusion and exclusion criteria of the data
	DemographicInputs  string `yaml:"demographicInputs" json:"demographicInputs"`   // use of demographic and social variables as inputs
	Representativeness string `yaml:"representativeness" json:"representativeness"` // demographic representativeness
	Relevance          string `yaml:"relevance" json:"relevance"`                   // of the training data to where the model is used
	Fairness           string `yaml:"fairness" json:"fairness"`                     // approach to fairness in development: group 5
}

// ExternalValidation is group 6. What was not done says so, and why.
type ExternalValidation struct {
	Data               string `yaml:"data" json:"data"` // source and setting
	Party              string `yaml:"party" json:"party"`
	Representativeness string `yaml:"representativeness" json:"representativeness"`
	Process            string `yaml:"process" json:"process"`
}

// Upkeep is groups 8 and 9: how validity and fairness are watched, and updates.
type Upkeep struct {
	Validity      string `yaml:"validity" json:"validity"`           // process of monitoring validity
	LocalValidity string `yaml:"localValidity" json:"localValidity"` // validity in local data
	Fairness      string `yaml:"fairness" json:"fairness"`
	LocalFairness string `yaml:"localFairness" json:"localFairness"`
	Updates       string `yaml:"updates" json:"updates"`         // process and frequency
	Corrections   string `yaml:"corrections" json:"corrections"` // how soon a fault is corrected
}

// KeyMetrics are CHAI's three, whose numbers are pointers into signed evidence.
type KeyMetrics struct {
	Usefulness KeyMetric `yaml:"usefulness" json:"usefulness"`
	Fairness   KeyMetric `yaml:"fairness" json:"fairness"`
	Safety     KeyMetric `yaml:"safety" json:"safety"`
}

// KeyMetric is one goal and what was measured of it. No text of it holds a
// number: ${performance.auroc} in a text is replaced by what was measured.
type KeyMetric struct {
	Goal           string    `yaml:"goal" json:"goal"`
	Results        []Pointer `yaml:"results" json:"results"`
	Interpretation string    `yaml:"interpretation" json:"interpretation"`
	TestType       string    `yaml:"testType" json:"testType"`
	TestingData    string    `yaml:"testingData" json:"testingData"`
	Validation     string    `yaml:"validation" json:"validation"`
}

// Resources are where more is to be read. Trial and Reimbursement may be empty.
type Resources struct {
	Evaluations   string `yaml:"evaluations,omitempty" json:"evaluations,omitempty"`
	Trial         string `yaml:"trial,omitempty" json:"trial,omitempty"`
	Publications  string `yaml:"publications" json:"publications"`
	Reimbursement string `yaml:"reimbursement,omitempty" json:"reimbursement,omitempty"`
	Bibliography  string `yaml:"bibliography" json:"bibliography"` // BibTeX
}

// BasicInfo says who made the model.
type BasicInfo struct {
	Developer string `yaml:"developer" json:"developer"`
	Contact   string `yaml:"contact" json:"contact"`
}

// ReleaseInfo says how far the model is.
type ReleaseInfo struct {
	Stage              string `yaml:"stage" json:"stage"`
	Version            string `yaml:"version" json:"version"`
	Date               string `yaml:"date" json:"date"`                 // ISO 8601
	Availability       string `yaml:"availability" json:"availability"` // where in the world
	RegulatoryApproval string `yaml:"regulatoryApproval" json:"regulatoryApproval"`
}

// Uses says what the model is for, and what not (45 CFR 170.315(b)(11)(iv)).
type Uses struct {
	IntendedUse   string `yaml:"intendedUse" json:"intendedUse"`
	IntendedUsers string `yaml:"intendedUsers" json:"intendedUsers"`
	Population    string `yaml:"population" json:"population"`
	HowToUse      string `yaml:"howToUse" json:"howToUse"`
	DecisionRole  string `yaml:"decisionRole" json:"decisionRole"` // informs, augments or replaces
	OutOfScope    string `yaml:"outOfScope" json:"outOfScope"`
}

// Warnings says what may go wrong.
type Warnings struct {
	KnownRisks        string `yaml:"knownRisks" json:"knownRisks"`
	KnownBiases       string `yaml:"knownBiases" json:"knownBiases"`
	ClinicalRiskLevel string `yaml:"clinicalRiskLevel" json:"clinicalRiskLevel"`
}

// Trust says what the model is made of.
type Trust struct {
	Outputs         string `yaml:"outputs" json:"outputs"`
	ModelType       string `yaml:"modelType" json:"modelType"`
	InputData       string `yaml:"inputData" json:"inputData"`
	DevelopmentData string `yaml:"developmentData" json:"developmentData"`
	BiasMitigation  string `yaml:"biasMitigation" json:"biasMitigation"`
	Maintenance     string `yaml:"maintenance" json:"maintenance"`
	DataTypes       string `yaml:"dataTypes" json:"dataTypes"` // of inputs and outputs
	Security        string `yaml:"security,omitempty" json:"security,omitempty"`
	Explanation     string `yaml:"explanation,omitempty" json:"explanation,omitempty"` // what the model tells of its reasons
}

// Transparency says who paid and who was asked.
type Transparency struct {
	Funding      string `yaml:"funding" json:"funding"`
	ThirdParty   string `yaml:"thirdParty,omitempty" json:"thirdParty,omitempty"`
	Stakeholders string `yaml:"stakeholders" json:"stakeholders"`
	Consent      string `yaml:"consent" json:"consent"`
}
