package figure

// Curves are what the scores of a holdout look like beside what happened.
type Curves struct {
	ROC         []ROCPoint       `json:"roc,omitempty"`         // from (0, 0) to (1, 1)
	Calibration []CalibrationBin `json:"calibration,omitempty"` // by rising prediction
	Decision    []DecisionPoint  `json:"decision,omitempty"`    // by rising threshold
	Survival    []RiskGroup      `json:"survival,omitempty"`    // from low to high predicted risk
	TimeUnit    string           `json:"timeUnit,omitempty"`    // of survival, as the contract names it
	Omitted     []string         `json:"omitted,omitempty"`     // what could not be shown, and why
}

// ROCPoint is what one threshold does to patients with and without the event.
type ROCPoint struct {
	FalsePositiveRate float64 `json:"falsePositiveRate"`
	TruePositiveRate  float64 `json:"truePositiveRate"`
}

// CalibrationBin compares the mean prediction of a group of patients with the
// share of them that had the event.
type CalibrationBin struct {
	N         int     `json:"n"`
	Predicted float64 `json:"predicted"`
	Observed  float64 `json:"observed"`
	Low       float64 `json:"low"` // 95 % interval of Observed
	High      float64 `json:"high"`
}

// DecisionPoint is the net benefit, in true positives per patient, of acting
// at a threshold: on the model, and on everybody. Acting on nobody has none.
type DecisionPoint struct {
	Threshold float64 `json:"threshold"`
	Model     float64 `json:"model"`
	Low       float64 `json:"low"` // 95 % interval of Model
	High      float64 `json:"high"`
	TreatAll  float64 `json:"treatAll"`
}

// RiskGroup is the Kaplan-Meier curve of patients of similar predicted risk.
type RiskGroup struct {
	Name   string          `json:"name"`
	N      int             `json:"n"`
	Points []SurvivalPoint `json:"points"`
}

// SurvivalPoint is the share without the event just after a time.
type SurvivalPoint struct {
	Time     float64 `json:"time"`
	Survival float64 `json:"survival"`
	Low      float64 `json:"low"` // 95 % interval of Survival
	High     float64 `json:"high"`
}

// Interval is a named number with its 95 % interval.
type Interval struct {
	Label            string
	Value, Low, High float64
}

// Level is a named number of 0 or more.
type Level struct {
	Label string
	Value float64
}
