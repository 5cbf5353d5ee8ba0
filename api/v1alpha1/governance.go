package v1alpha1

// Governance is models/<model>/governance.yaml: what a team has decided and
// keeps on record about a model, besides its recipe and its card. Each field
// answers a control of docs/controls.md; one that is left out denies there.
type Governance struct {
	Header `yaml:",inline" json:",inline"`
	Spec   GovernanceSpec `yaml:"spec" json:"spec"`
}

// GovernanceSpec is the body of a Governance.
type GovernanceSpec struct {
	Change        ChangeRecord   `yaml:"change" json:"change"`
	Features      []Feature      `yaml:"features" json:"features"`
	Retention     Retention      `yaml:"retention" json:"retention"`
	Modifications Modifications  `yaml:"modifications" json:"modifications"`
	Practices     []Practice     `yaml:"practices" json:"practices"`
	Risks         []Risk         `yaml:"risks" json:"risks"`
	ResidualRisk  Acceptance     `yaml:"residualRisk" json:"residualRisk"`
	Data          DataGovernance `yaml:"data" json:"data"`
	TechnicalFile TechnicalFile  `yaml:"technicalFile" json:"technicalFile"`
	Qualification Qualification  `yaml:"qualification" json:"qualification"`
	Privacy       Privacy        `yaml:"privacy" json:"privacy"`
	Reporting     Reporting      `yaml:"reporting" json:"reporting"`
	Registration  Registration   `yaml:"registration" json:"registration"`
	Monitoring    Monitoring     `yaml:"monitoring" json:"monitoring"`
	Processors    []Processor    `yaml:"processors" json:"processors"` // an empty list says that there are none
	Software      Software       `yaml:"software" json:"software"`
	SubstanceUse  SubstanceUse   `yaml:"substanceUse" json:"substanceUse"`
	ReviewBy      string         `yaml:"reviewBy" json:"reviewBy"` // date, ISO 8601: when the model is looked at anew
}

// ChangeRecord is why the model changes, and the way back (SOC 2 CC8.1).
type ChangeRecord struct {
	Record    string    `yaml:"record" json:"record"`       // ticket or request that asked for it
	RiskClass string    `yaml:"riskClass" json:"riskClass"` // of the change: low, moderate or high
	Tests     string    `yaml:"tests" json:"tests"`         // what was tested, and where the result is
	Rollback  string    `yaml:"rollback" json:"rollback"`   // how to go back
	Emergency Emergency `yaml:"emergency,omitempty" json:"emergency,omitzero"`
}

// Emergency is a change that was made before it was reviewed.
type Emergency struct {
	Declared string `yaml:"declared" json:"declared"` // date, ISO 8601
	Reviewed string `yaml:"reviewed" json:"reviewed"` // date of the review afterwards; empty before it
}

// Feature says why the model needs an input (45 CFR 164.502(b); GDPR 5(1)(c)),
// and whether it is, or stands for, a protected characteristic (45 CFR 92.210).
type Feature struct {
	Name      string `yaml:"name" json:"name"`
	Reason    string `yaml:"reason" json:"reason"`
	Protected string `yaml:"protected,omitempty" json:"protected,omitempty"` // age, sex, race, ...; the characteristic it is or stands for
	Cohorts   string `yaml:"cohorts,omitempty" json:"cohorts,omitempty"`     // the group column by which results are told apart for it
	Unmatched string `yaml:"unmatched,omitempty" json:"unmatched,omitempty"` // why no group column tells results apart for it
}

// Retention is how long evidence is kept.
type Retention struct {
	Years     int      `yaml:"years" json:"years"`
	Laws      []string `yaml:"laws" json:"laws"`           // hipaa, fda_ind, ai_act or trial: those that apply
	Immutable bool     `yaml:"immutable" json:"immutable"` // the store refuses to overwrite and to delete
}

// Modifications is the predetermined change control plan (FDA, December 2024):
// what was cleared, and what may differ from it without a new submission.
type Modifications struct {
	Cleared  *Cleared  `yaml:"cleared,omitempty" json:"cleared,omitempty"` // nil for a model that no regulator has cleared
	Reason   string    `yaml:"reason,omitempty" json:"reason,omitempty"`   // why nothing was cleared
	Bounds   Bounds    `yaml:"bounds,omitempty" json:"bounds,omitzero"`
	Protocol []Pointer `yaml:"protocol,omitempty" json:"protocol,omitempty"` // acceptance criteria, each with a floor or a ceiling
	Impact   string    `yaml:"impact,omitempty" json:"impact,omitempty"`     // impact assessment: benefits, risks, how they are mitigated
}

// Cleared is the model as the regulator saw it.
type Cleared struct {
	Submission        string   `yaml:"submission" json:"submission"` // such as K213721
	Trainer           string   `yaml:"trainer" json:"trainer"`       // kind
	Features          []string `yaml:"features" json:"features"`
	Dataset           string   `yaml:"dataset" json:"dataset"`
	Data              string   `yaml:"data" json:"data"` // sha256:... of its data
	DecisionThreshold float64  `yaml:"decisionThreshold,omitempty" json:"decisionThreshold,omitempty"`
	Purpose           string   `yaml:"purpose" json:"purpose"`
}

// Bounds are the differences that the plan foresees.
type Bounds struct {
	Trainers          []string `yaml:"trainers,omitempty" json:"trainers,omitempty"`                   // other kinds that may be used
	FeaturesAdded     []string `yaml:"featuresAdded,omitempty" json:"featuresAdded,omitempty"`         // inputs that may be added
	FeaturesRemoved   []string `yaml:"featuresRemoved,omitempty" json:"featuresRemoved,omitempty"`     // inputs that may be taken away
	Datasets          []string `yaml:"datasets,omitempty" json:"datasets,omitempty"`                   // other data sets that may be used
	NewData           bool     `yaml:"newData,omitempty" json:"newData,omitempty"`                     // whether a named data set may have other rows
	DecisionThreshold *Range   `yaml:"decisionThreshold,omitempty" json:"decisionThreshold,omitempty"` // where the threshold may lie
}

// Pointer names a measurement in signed evidence, so that a number is never
// typed where it could differ from what was measured.
type Pointer struct {
	Label       string   `yaml:"label,omitempty" json:"label,omitempty"`
	Measurement string   `yaml:"measurement" json:"measurement"`         // <gate>.<name>, such as performance.auroc
	Group       string   `yaml:"group,omitempty" json:"group,omitempty"` // of the measurement
	Min         *float64 `yaml:"min,omitempty" json:"min,omitempty"`     // the measurement's lower bound is at least this
	Max         *float64 `yaml:"max,omitempty" json:"max,omitempty"`     // the measurement's upper bound is at most this
}

// Practice says how one of the ten principles of good machine learning practice
// (FDA, Health Canada and MHRA 2021; IMDRF N88 2025) is kept.
type Practice struct {
	Principle int       `yaml:"principle" json:"principle"` // 1 to 10
	How       string    `yaml:"how" json:"how"`
	Evidence  []Pointer `yaml:"evidence,omitempty" json:"evidence,omitempty"`
}

// Risk is a hazard and what is done about it (EU AI Act, article 9; ISO 14971).
type Risk struct {
	Hazard      string    `yaml:"hazard" json:"hazard"`
	Severity    string    `yaml:"severity" json:"severity"`       // negligible, minor, serious, critical or catastrophic
	Probability string    `yaml:"probability" json:"probability"` // improbable, remote, occasional, probable or frequent
	Mitigation  string    `yaml:"mitigation" json:"mitigation"`
	Evidence    []Pointer `yaml:"evidence" json:"evidence"` // what is measured of the mitigation
}

// Acceptance is somebody's word that a risk may stay.
type Acceptance struct {
	Reason string `yaml:"reason" json:"reason"`
	Name   string `yaml:"name" json:"name"`
	Email  string `yaml:"email" json:"email"`
	Role   string `yaml:"role" json:"role"`
	Date   string `yaml:"date" json:"date"` // ISO 8601
}

// DataGovernance is EU AI Act, article 10(2) to (5).
type DataGovernance struct {
	Origin          string `yaml:"origin" json:"origin"`
	Preparation     string `yaml:"preparation" json:"preparation"`
	BiasExamination string `yaml:"biasExamination" json:"biasExamination"`
	Gaps            string `yaml:"gaps" json:"gaps"`
	SpecialCategory string `yaml:"specialCategory" json:"specialCategory"` // why data of special categories may be processed
}

// TechnicalFile is the index of EU AI Act, annex IV, and of articles 12 to 15
// and 72.
type TechnicalFile struct {
	Documents      []Document `yaml:"documents" json:"documents"` // kinds: description, development, monitoring, risk_management, changes, standards, declaration, post_market
	Instructions   Document   `yaml:"instructions" json:"instructions"`
	Logging        string     `yaml:"logging" json:"logging"`     // article 12: what is logged, and where
	Oversight      string     `yaml:"oversight" json:"oversight"` // article 14: who watches, with what power
	Stop           string     `yaml:"stop" json:"stop"`           // article 14(4)(e): how it is stopped
	Accuracy       []Pointer  `yaml:"accuracy" json:"accuracy"`   // article 15
	PostMarketPlan string     `yaml:"postMarketPlan" json:"postMarketPlan"`
}

// Document is a record by content.
type Document struct {
	Kind   string `yaml:"kind,omitempty" json:"kind,omitempty"`
	Title  string `yaml:"title" json:"title"`
	Digest string `yaml:"digest" json:"digest"` // sha256:...
}

// Qualification is the validation record of the gates themselves (ICH E6(R3)
// section 4; 21 CFR 11.10(a)): what `assay qualify` wrote.
type Qualification struct {
	Version string `yaml:"version" json:"version"` // of Assay that was qualified
	Digest  string `yaml:"digest" json:"digest"`   // sha256:... of the report
	Date    string `yaml:"date" json:"date"`       // ISO 8601
}

// Privacy is GDPR, articles 9, 22 and 35.
type Privacy struct {
	ImpactAssessment string `yaml:"impactAssessment" json:"impactAssessment"`       // id of the DPIA
	Basis            string `yaml:"basis" json:"basis"`                             // article 9(2), letter a to j
	SolelyAutomated  *bool  `yaml:"solelyAutomated" json:"solelyAutomated"`         // decides without a person; nil when nobody has said
	Safeguard        string `yaml:"safeguard,omitempty" json:"safeguard,omitempty"` // article 22(2) and (4), where it does
}

// Reporting is what TRIPOD+AI asks to be told and no other record says.
type Reporting struct {
	Specification string `yaml:"specification" json:"specification"` // item 22: the file of the release that holds the whole model, such as model.json
}

// Registration is the protocol of the study that the model is used or made in.
type Registration struct {
	Id      string `yaml:"id,omitempty" json:"id,omitempty"`           // NCT and eight digits, ISRCTN and eight digits, or EU CT number
	Version string `yaml:"version,omitempty" json:"version,omitempty"` // of the protocol
	Reason  string `yaml:"reason,omitempty" json:"reason,omitempty"`   // why there is none
}

// Monitoring is what happens after delivery (EU AI Act 72 and 73; 21 CFR 803).
type Monitoring struct {
	Metrics      []Pointer `yaml:"metrics" json:"metrics"`           // what is watched, with the floor or ceiling of an alarm
	Every        string    `yaml:"every" json:"every"`               // duration: how often
	Incidents    string    `yaml:"incidents" json:"incidents"`       // address or number that takes reports
	SeriousDays  int       `yaml:"seriousDays" json:"seriousDays"`   // within which a serious incident is reported: 15 at most
	CriticalDays int       `yaml:"criticalDays" json:"criticalDays"` // within which one that threatens public health is: 2 at most
}

// Processor is an outside party that sees data, and under which agreement.
type Processor struct {
	Name      string `yaml:"name" json:"name"`
	Agreement string `yaml:"agreement" json:"agreement"` // business associate or data processing agreement
	Expires   string `yaml:"expires" json:"expires"`     // date, ISO 8601
}

// Software is IEC 62304: the safety class, and the software of unknown
// provenance that the serving image holds.
type Software struct {
	SafetyClass string `yaml:"safetyClass" json:"safetyClass"` // A, B or C
	Components  string `yaml:"components" json:"components"`   // sha256:... of the bill of materials that was reviewed
}

// SubstanceUse is 42 CFR part 2: records of treatment for substance use.
type SubstanceUse struct {
	Present *bool  `yaml:"present" json:"present"`                     // nil when nobody has said
	Consent string `yaml:"consent,omitempty" json:"consent,omitempty"` // where the lineage of consents is kept
}
