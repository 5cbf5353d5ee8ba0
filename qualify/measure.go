package qualify

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/bias"
	"github.com/mlops-clinical-trials/assay/gates/dataset"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// profile is the strictest one that ships, and the environment that is asked
// about.
const profile = "production"

// instant is when the judge is asked; no rule of the three gates reads a clock.
var instant = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// measurers are the gates that are qualified. Compliance and security look at
// no patient data; a defect in the data is none of theirs.
var measurers = []gates.Gate{dataset.Gate{}, performance.Gate{}, bias.Gate{}}

// bench measures and judges one specimen at a time.
type bench struct {
	court  *judge.Judge
	dir    string
	memory *memory
}

// answer is what a gate has measured, or why it refused to.
type answer struct {
	measured []evidence.Measurement
	refused  error
}

// examined is what gates and judge made of a specimen.
type examined struct {
	findings []gates.Finding   // that deny, of the three gates, sorted by rule
	answers  map[string]answer // by gate
}

func (b *bench) examine(ctx context.Context, s *specimen) (examined, error) {
	candidate, err := b.write(s)
	if err != nil {
		return examined{}, err
	}
	inputs, err := s.inputs()
	if err != nil {
		return examined{}, err
	}
	result := examined{answers: map[string]answer{}}
	for _, gate := range measurers {
		key := gate.Name() + inputs[gate.Name()]
		found, known := b.memory.recall(key)
		if !known {
			found.measured, found.refused = gate.Measure(ctx, candidate)
			if ctx.Err() != nil {
				return examined{}, context.Cause(ctx)
			}
			b.memory.keep(key, found)
		}
		result.answers[gate.Name()] = found
	}
	result.findings, err = b.judge(ctx, candidate, result.answers)
	return result, err
}

// judge asks the question that the door asks, and keeps the denials of the
// gates that are qualified.
func (b *bench) judge(ctx context.Context, candidate gates.Candidate, answers map[string]answer) ([]gates.Finding, error) {
	recipe := candidate.Model.Spec
	facts := evidence.ModelFacts{Task: string(recipe.Task), Purpose: recipe.Purpose, RiskClass: recipe.RiskClass}
	statements := []evidence.Statement{evidence.Trained(candidate.Artifact, evidence.Provenance{})}
	for _, gate := range measurers {
		if found := answers[gate.Name()]; found.refused == nil {
			statements = append(statements, evidence.Measured(candidate.Artifact, evidence.Measurements{
				Gate: gate.Name(), Environment: profile, Model: facts, Measurements: found.measured}))
		}
	}
	verdict, err := b.court.Judge(ctx, judge.Question{
		Environment: profile, Profile: profile, Time: instant,
		Model: &judge.Model{Release: candidate.Artifact, Evidence: evidence.Opened{Statements: statements}},
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(verdict.Denials(), func(finding gates.Finding) bool {
		return !slices.ContainsFunc(measurers, func(gate gates.Gate) bool { return gate.Name() == gateOf(finding.Rule) })
	}), nil
}

// gateOf is the gate of a rule: model.<gate>.<rule>.
func gateOf(rule string) string {
	parts := strings.Split(rule, ".")
	if len(parts) != 3 || parts[0] != "model" {
		return ""
	}
	return parts[1]
}

// write makes the files of a candidate.
func (b *bench) write(s *specimen) (gates.Candidate, error) {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return gates.Candidate{}, err
	}
	candidate := gates.Candidate{
		Name: s.name, Environment: profile,
		Model: v1alpha1.Model{Spec: s.recipe}, Dataset: v1alpha1.Dataset{Spec: s.contract},
		Train: filepath.Join(b.dir, "train.csv"), Holdout: filepath.Join(b.dir, "holdout.csv"),
		Artifact:       evidence.Subject{Name: s.name, Digest: evidence.Sum([]byte(s.name))},
		Champion:       evidence.Subject{Name: s.name, Digest: evidence.Sum([]byte(s.name + " champion"))},
		ChampionScores: s.champion, ChampionThreshold: s.recipe.DecisionThreshold,
		Risks: s.risks(s.holdout), Runner: s.server(),
	}
	if s.itself {
		candidate.Champion = candidate.Artifact
	}
	candidate.Scores, candidate.TrainScores = scoresOf(s.holdout), scoresOf(s.train)
	candidate.RepeatedScores = slices.Clone(candidate.Scores)
	for row := range s.unstable {
		candidate.RepeatedScores[row] = math.Nextafter(candidate.Scores[row], math.Inf(1))
	}
	for path, patients := range map[string][]patient{candidate.Train: s.train, candidate.Holdout: s.holdout} {
		if err := os.WriteFile(path, s.csv(patients, s.columns), 0o600); err != nil {
			return gates.Candidate{}, err
		}
	}
	return candidate, nil
}

func scoresOf(patients []patient) []float64 {
	scores := make([]float64, len(patients))
	for i, one := range patients {
		scores[i] = one.score
	}
	return scores
}

// inputs says by digest what each gate reads. Performance and bias read
// outcome, cohort and scores; that their resampling is seeded by all of the
// holdout is of no consequence to a rule.
func (s *specimen) inputs() (map[string]string, error) {
	contract, err := json.Marshal(s.contract)
	if err != nil {
		return nil, err
	}
	read := []string{s.outcomeColumn(), cohortColumn, s.contract.Time}
	scores := evidence.Sum(fmt.Append(nil, scoresOf(s.train), scoresOf(s.holdout), s.champion))
	scored := fmt.Sprint(evidence.Sum(s.csv(s.train, read)), evidence.Sum(s.csv(s.holdout, read)), scores, s.itself, s.unstable)
	return map[string]string{
		gates.Dataset:     fmt.Sprint(evidence.Sum(s.csv(s.train, s.columns)), evidence.Sum(s.csv(s.holdout, s.columns)), evidence.Sum(contract)),
		gates.Performance: scored,
		gates.Bias:        scored,
	}, nil
}

// csv writes columns of patients; a column that is not there is left out.
func (s *specimen) csv(patients []patient, columns []string) []byte {
	var at []int
	var header []string
	for _, name := range columns {
		if i := s.at(name); i >= 0 {
			at, header = append(at, i), append(header, name)
		}
	}
	var content bytes.Buffer
	out := csv.NewWriter(&content)
	_ = out.Write(header) // a buffer takes everything
	record := make([]string, len(at))
	for _, one := range patients {
		for i, column := range at {
			record[i] = one.values[column]
		}
		_ = out.Write(record)
	}
	out.Flush()
	return content.Bytes()
}
