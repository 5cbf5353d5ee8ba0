package report

import (
	"encoding/json"
	"io"
	"time"

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
	Pinned      bool                    `json:"pinned,omitempty"` // it names a release, and does not follow the recipe
	Phases      []Phase                 `json:"phases"`
	Allowed     bool                    `json:"allowed"`
	Error       string                  `json:"error,omitempty"`
	Verdict     gates.Verdict           `json:"verdict"`
	Measured    []evidence.Measurements `json:"measured,omitempty"`
	Serving     []evidence.Measurements `json:"serving,omitempty"`   // what the evidence of what serves there says
	Manifests   []Difference            `json:"manifests,omitempty"` // of what would be delivered to what is
	Lines       map[string]int          `json:"lines,omitempty"`     // of the fields that findings are about, by rule
	Curves      *figure.Curves          `json:"curves,omitempty"`    // shown, never judged
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
	Base       string      `json:"base,omitempty"` // commit with which it was merged
	Link       string      `json:"link,omitempty"` // to the whole of it
	Allowed    bool        `json:"allowed"`
	Promotions []Promotion `json:"promotions"`
	Error      string      `json:"error,omitempty"`
	Turns      time.Time   `json:"turns,omitzero"` // when a freeze begins or ends, and the answer is another
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
