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
}

// Transparency says who paid and who was asked.
type Transparency struct {
	Funding      string `yaml:"funding" json:"funding"`
	Stakeholders string `yaml:"stakeholders" json:"stakeholders"`
	Consent      string `yaml:"consent" json:"consent"`
}
