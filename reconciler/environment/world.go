package environment

import (
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// World is everything that a plan is made from, at one instant.
type World struct {
	Time         time.Time
	Environments []Environment // as assay.yaml orders them
	Closed       []Proposal    // that people closed without a merge
}

// Environment is one of the platform's environments.
type Environment struct {
	Name        string
	Spec        v1alpha1.EnvironmentSpec
	Clusters    []string          // that serve it; empty where none is named
	Models      []Model           // that are promoted to it, by name
	Quarantined []evidence.Digest // that may not run in it
	Stopped     string            // why nothing moves; empty when it does
}

// Model is one model in one environment.
type Model struct {
	Name       string
	Pin        Pin                   // what main asks for
	Admissions []promotion.Admission // what the environment's branch has held, the newest first
	Exposure   Exposure
}

// Pin is what main asks to be served, from a commit on. Commit, time and whose it
// is are read where a release comes next.
type Pin struct {
	Release evidence.Digest // empty: whatever the recipe gives
	Commit  string
	Time    time.Time
	Ours    bool // proposed by the reconciler
}

// Serves is the release that the branch holds now; empty when it holds none.
func (m Model) Serves() evidence.Digest {
	if len(m.Admissions) == 0 {
		return ""
	}
	return m.Admissions[0].Release
}

// Find answers with an environment and a model of it; nil for what is not there.
func (w World) Find(environment, model string) (*Environment, *Model) {
	for i := range w.Environments {
		here := &w.Environments[i]
		if here.Name != environment {
			continue
		}
		for j := range here.Models {
			if here.Models[j].Name == model {
				return here, &here.Models[j]
			}
		}
		return here, nil
	}
	return nil, nil
}

// Below lists an environment and all that come after it, in their order: where
// what failed here must not go either.
func (w World) Below(environment string) []string {
	below := []string{environment}
	for _, one := range w.Environments {
		for _, after := range one.Spec.After {
			if contains(below, after) && !contains(below, one.Name) {
				below = append(below, one.Name)
			}
		}
	}
	return below
}
