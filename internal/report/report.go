package report

import (
	"encoding/json"
	"io"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/figure"
)

// Promotion is the outcome for one model in one environment.
type Promotion struct {
	Model       string                  `json:"model"`
	Environment string                  `json:"environment"`
	Dataset     string                  `json:"dataset,omitempty"`
	Release     string                  `json:"release,omitempty"`
	Champion    string                  `json:"champion,omitempty"`
	Phases      []Phase                 `json:"phases"`
	Allowed     bool                    `json:"allowed"`
	Error       string                  `json:"error,omitempty"`
	Verdict     gates.Verdict           `json:"verdict"`
	Measured    []evidence.Measurements `json:"measured,omitempty"`
	Curves      *figure.Curves          `json:"curves,omitempty"` // shown, never judged
}

// Phase is one step that was taken.
type Phase struct {
	Name   string `json:"name"`
	Input  string `json:"input"`
	Output string `json:"output"`
	Cached bool   `json:"cached"`
	Millis int64  `json:"millis"`
}

// Report is the outcome of a change.
type Report struct {
	Commit     string      `json:"commit,omitempty"`
	Allowed    bool        `json:"allowed"`
	Promotions []Promotion `json:"promotions"`
	Error      string      `json:"error,omitempty"`
}

// New gathers the outcomes. It is allowed when every one is: an error anywhere
// keeps the door shut.
func New(commit string, promotions []Promotion, failure error) Report {
	report := Report{Commit: commit, Promotions: promotions, Allowed: failure == nil}
	if failure != nil {
		report.Error = failure.Error()
	}
	for _, promotion := range promotions {
		report.Allowed = report.Allowed && promotion.Allowed
	}
	return report
}

// JSON writes the report for scripts.
func (r Report) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}
