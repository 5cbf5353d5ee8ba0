package evidence

import "fmt"

// Predicate types: what kind of claim a statement makes.
const (
	// MeasurementsType is the claim of one gate: what it measured, on what.
	// in-toto's test-result is not used for it: that type demands a verdict
	// (PASSED or FAILED), and a measurer has none to give.
	MeasurementsType = "https://assay.dev/predicate/measurements/v1alpha1"
	// ProvenanceType is the claim of the trainer (SLSA Provenance v1).
	ProvenanceType = "https://slsa.dev/provenance/v1"
)

// PredicateTypes lists all claims that this package can read.
func PredicateTypes() []string { return append(ReconcilerTypes(), WaiverType, ScanType, GlassType) }

// ReconcilerTypes lists the claims that a reconciler makes. People make the
// others.
func ReconcilerTypes() []string { return []string{MeasurementsType, ProvenanceType, ComponentsType} }

// Measurements is the predicate of a gate.
type Measurements struct {
	Gate         string        `json:"gate"`
	Environment  string        `json:"environment"` // evidence for one environment says nothing about another
	Model        ModelFacts    `json:"model"`
	Inputs       []Subject     `json:"inputs"` // everything that was looked at, by digest
	Measurements []Measurement `json:"measurements"`
}

// ModelFacts are the declared facts on which rules depend.
type ModelFacts struct {
	Task      string `json:"task"`
	Purpose   string `json:"purpose"`
	RiskClass string `json:"riskClass"`
}

// Input is the digest of the named input, or the empty Digest.
func (m Measurements) Input(name string) Digest {
	for _, input := range m.Inputs {
		if input.Name == name {
			return input.Digest
		}
	}
	return ""
}

func (m Measurements) validate() error {
	if m.Gate == "" || m.Environment == "" {
		return fmt.Errorf("measurements name no gate or no environment")
	}
	if len(m.Measurements) > MaxMeasurements {
		return fmt.Errorf("more than %d measurements", MaxMeasurements)
	}
	for _, measurement := range m.Measurements {
		if err := measurement.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// Provenance is the part of SLSA Provenance v1 that Assay states: from what
// the model was trained, and by whom.
// https://slsa.dev/spec/v1.0/provenance
type Provenance struct {
	BuildDefinition BuildDefinition `json:"buildDefinition"`
	RunDetails      RunDetails      `json:"runDetails"`
}

// BuildDefinition is the input of the training.
type BuildDefinition struct {
	BuildType            string               `json:"buildType"`
	ExternalParameters   TrainingParameters   `json:"externalParameters"`
	ResolvedDependencies []ResourceDescriptor `json:"resolvedDependencies"`
}

// TrainingParameters are what the author of a recipe chooses.
type TrainingParameters struct {
	Model   string `json:"model"`
	Trainer string `json:"trainer"`
	Seed    string `json:"seed"` // decimal text: a uint64 does not survive a float
}

// RunDetails says who trained.
type RunDetails struct {
	Builder Builder `json:"builder"`
}

// Builder is the identity of the trainer.
type Builder struct {
	ID string `json:"id"`
}

// ResourceDescriptor is in-toto's way to name content.
type ResourceDescriptor struct {
	Name   string            `json:"name"`
	URI    string            `json:"uri,omitempty"`
	Digest map[string]string `json:"digest"`
}
