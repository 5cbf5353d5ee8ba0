package promotion

import (
	"encoding/json"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// State is how far a promotion has come. Each phase adds to it.
type State struct {
	Request   Request
	Unchanged bool // reached by an earlier run, and nothing that bears on it has changed since

	// fetch
	Objects Objects
	Recipe  Recipe
	Account Account
	Train   File // training rows
	Holdout File // holdout rows

	// train
	Release    evidence.Subject
	Program    evidence.Digest // that trained it, as far as it is known
	ModelDir   string
	Provenance evidence.Envelope // of a pinned release: the one it came with

	// measure
	Champion evidence.Subject
	Scores   []float64 // of the holdout, in file order: for those who draw it
	Risks    []float64 // of an event by the recipe's horizon, likewise
	Measured []evidence.Measurements

	// attest
	Envelopes []evidence.Envelope
	Bills     []evidence.Envelope // of materials: kept in the registry alone
	Waivers   []Waived            // that the repository holds for this promotion, believed or not

	// judge
	Verdict gates.Verdict
	Turns   time.Time // when a freeze of the environment begins or ends; zero for never

	// enter
	Head string // of the log that holds the verdict

	// render and deliver
	Files  map[string][]byte
	Branch string // commit of the environment's branch

	Outputs []Output
}

// pinned holds when the promotion names one release, instead of following the
// recipe.
func (s *State) pinned() bool { return s.Objects.Promotion.Spec.Release != "" }

// File is a local file by path and content.
type File struct {
	Path   string
	Digest evidence.Digest
}

// Objects are the files of the promotion repository that bear on a promotion.
type Objects struct {
	Model       v1alpha1.Model
	Card        v1alpha1.ModelCard
	Dataset     v1alpha1.Dataset
	Environment v1alpha1.Environment
	Promotion   v1alpha1.Promotion
	Governance  v1alpha1.Governance // zero where nobody has written one
}

// digestOf names a value by its JSON: struct fields come in their order, maps
// in the order of their keys, so the same value is the same digest.
func digestOf(values ...any) (evidence.Digest, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return "", err
	}
	return evidence.Sum(text), nil
}
