package card

import "encoding/xml"

// The form of the CHAI Applied Model Card, version 0.2: element names, order
// and what may be left out, as docs/schemas/chai-applied-model-card-v0.2.xsd
// states them. What no field of our card answers is left out.
type chaiCard struct {
	XMLName      xml.Name      `xml:"https://mc.chai.org/v0.2/schema.xsd AppliedModelCard"`
	Basic        chaiBasic     `xml:"BasicInfo"`
	Release      chaiRelease   `xml:"ReleaseInfo"`
	Summary      chaiSummary   `xml:"ModelSummary"`
	Uses         chaiUses      `xml:"UsesAndDirections"`
	Warnings     chaiWarnings  `xml:"Warnings"`
	Trust        chaiTrust     `xml:"TrustIngredients"`
	Metrics      chaiMetrics   `xml:"KeyMetrics"`
	Resources    chaiResources `xml:"Resources"`
	Bibliography string        `xml:"Bibliography"`
}

type chaiBasic struct {
	ModelName string `xml:"ModelName"`
	Developer string `xml:"ModelDeveloper"`
	Contact   string `xml:"DeveloperContact"`
}

type chaiRelease struct {
	Stage        string `xml:"ReleaseStage"`
	Date         string `xml:"ReleaseDate"`
	Version      string `xml:"ReleaseVersion"`
	Availability string `xml:"GlobalAvailability"`
	Approval     string `xml:"RegulatoryApproval,omitempty"`
}

type chaiSummary struct {
	Summary  string       `xml:"Summary"`
	Keywords chaiKeywords `xml:"Keywords"`
}

type chaiKeywords struct {
	Keyword []string `xml:"Keyword"`
}

type chaiUses struct {
	IntendedUse string `xml:"IntendedUseAndWorkflow"`
	Users       string `xml:"PrimaryIntendedUsers"`
	HowToUse    string `xml:"HowToUse"`
	Population  string `xml:"TargetedPatientPopulation"`
	OutOfScope  string `xml:"CautionedOutOfScopeSettings"`
}

type chaiWarnings struct {
	Risks     string `xml:"KnownRisksAndLimitations"`
	Biases    string `xml:"KnownBiasesOrEthicalConsiderations"`
	RiskLevel string `xml:"ClinicalRiskLevel"`
}

type chaiTrust struct {
	Facts        chaiFacts        `xml:"AISystemFacts"`
	Transparency chaiTransparency `xml:"TransparencyInformation"`
}

type chaiFacts struct {
	Outcomes     string `xml:"OutcomesAndOutputs"`
	ModelType    string `xml:"ModelType"`
	Inputs       string `xml:"InputDataSource"`
	DataTypes    string `xml:"OutputAndInputDataTypes"`
	Development  string `xml:"DevelopmentDataCharacterization"`
	Mitigation   string `xml:"BiasMitigationApproaches"`
	Maintenance  string `xml:"OngoingMaintenance"`
	Security     string `xml:"Security,omitempty"`
	Transparency string `xml:"Transparency,omitempty"`
}

type chaiTransparency struct {
	Funding      string `xml:"FundingSource"`
	ThirdParty   string `xml:"ThirdPartyInformation,omitempty"`
	Stakeholders string `xml:"StakeholdersConsulted"`
}

type chaiMetrics struct {
	Usefulness chaiMetric `xml:"UsefulnessUsabilityEfficacy"`
	Fairness   chaiMetric `xml:"FairnessEquity"`
	Safety     chaiMetric `xml:"SafetyReliability"`
}

type chaiMetric struct {
	Goal           string      `xml:"MetricGoal"`
	Results        chaiResults `xml:"Results"`
	Interpretation string      `xml:"Interpretation"`
	TestType       string      `xml:"TestType"`
	TestingData    string      `xml:"TestingDataDescription"`
	Validation     string      `xml:"ValidationProcessAndJustification"`
}

type chaiResults struct {
	Result []chaiResult `xml:"MetricResult"`
}

type chaiResult struct {
	Label string `xml:"Label"`
	Value string `xml:"ValueJson"`
}

type chaiResources struct {
	Evaluations   string `xml:"EvaluationReferences,omitempty"`
	Trial         string `xml:"ClinicalTrial,omitempty"`
	Publications  string `xml:"PeerReviewedPublications"`
	Reimbursement string `xml:"ReimbursementStatus,omitempty"`
	Consent       string `xml:"PatientConsentOrDisclosure"`
}
