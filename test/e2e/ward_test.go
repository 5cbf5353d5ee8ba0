package e2e

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/bias"
	"github.com/mlops-clinical-trials/assay/gates/dataset"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/gates/performance"
	"github.com/mlops-clinical-trials/assay/policies"
)

// ward is a candidate whose files are still text: honest until a story spoils
// them. Its patients die with the very probability that is their score.
type ward struct {
	task           v1alpha1.Task
	train, holdout string
	scores         []float64 // of the holdout
	trainScores    []float64
	parquet        bool // the holdout is bytes of a Parquet file
}

const wardHeader = "patient,sex,age,marker,died,days\n"

func newWard(task v1alpha1.Task) *ward {
	random := rand.New(rand.NewPCG(1, 2))
	made := &ward{task: task}
	made.train, made.trainScores = wardRows(random, "t", 1000)
	made.holdout, made.scores = wardRows(random, "h", 3000)
	return made
}

func wardRows(random *rand.Rand, prefix string, rows int) (text string, scores []float64) {
	var lines strings.Builder
	lines.WriteString(wardHeader)
	for row := range rows {
		marker := random.NormFloat64()
		risk := 1 / (1 + math.Exp(1-3*marker))
		died := 0
		if random.Float64() < risk {
			died = 1
		}
		days := 1 + random.ExpFloat64()*1000*(1-risk)
		sex := []string{"female", "male"}[random.IntN(2)]
		fmt.Fprintf(&lines, "%s%d,%s,%d,%.6f,%d,%.3f\n", prefix, row, sex, 40+random.IntN(40), marker, died, days)
		scores = append(scores, risk)
	}
	return lines.String(), scores
}

// cell writes into a row (from 1) and column of the holdout.
func (w *ward) cell(row int, column, text string) {
	lines := strings.Split(w.holdout, "\n")
	fields := strings.Split(lines[row], ",")
	fields[slices.Index(strings.Split(strings.TrimSuffix(wardHeader, "\n"), ","), column)] = text
	lines[row] = strings.Join(fields, ",")
	w.holdout = strings.Join(lines, "\n")
}

// column writes the same into every row of the holdout, and of the training.
func (w *ward) column(column, text string) {
	for range 2 {
		for row := range strings.Count(w.holdout, "\n") - 1 {
			w.cell(row+1, column, text)
		}
		w.train, w.holdout = w.holdout, w.train
	}
}

// keep leaves the first rows of the holdout.
func (w *ward) keep(rows int) {
	w.holdout = strings.Join(strings.SplitAfter(w.holdout, "\n")[:rows+1], "")
	w.scores = w.scores[:rows]
}

func (w *ward) contract() v1alpha1.DatasetSpec {
	low, high := 0.0, 120.0
	spec := v1alpha1.DatasetSpec{Source: "data.csv", Key: "patient", Groups: []string{"sex"}, Columns: []v1alpha1.Column{
		{Name: "patient", Type: "text", Required: true}, {Name: "sex", Type: "text", Values: []string{"female", "male"}},
		{Name: "age", Type: "integer", Min: &low, Max: &high, Required: true}, {Name: "marker", Type: "number", Required: true},
		{Name: "died", Type: "integer", Required: true}, {Name: "days", Type: "number", Required: true},
	}}
	if w.task == v1alpha1.Survival {
		spec.Time, spec.Event = "days", "died"
	} else {
		spec.Label = "died"
	}
	return spec
}

func (w *ward) candidate(t *testing.T) gates.Candidate {
	t.Helper()
	dir := t.TempDir()
	name := "holdout.csv"
	if w.parquet {
		name = "holdout.parquet"
	}
	candidate := gates.Candidate{
		Name: "ward", Environment: "production", Train: filepath.Join(dir, "train.csv"), Holdout: filepath.Join(dir, name),
		Scores: w.scores, RepeatedScores: w.scores, TrainScores: w.trainScores,
		Artifact: evidence.Subject{Name: "ward", Digest: evidence.Sum([]byte("ward"))},
	}
	candidate.Dataset.Spec = w.contract()
	candidate.Model.Spec = v1alpha1.ModelSpec{Task: w.task, Purpose: "prognosis", RiskClass: "moderate", Features: []string{"age", "marker"}, DecisionThreshold: 0.2}
	for path, text := range map[string]string{candidate.Train: w.train, candidate.Holdout: w.holdout} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return candidate
}

// heard is what gates and judge made of a ward.
type heard struct {
	errors   []string
	findings map[string][]gates.Finding // by profile; of the three gates
}

// hear lets the three gates that read patient data measure a ward, and the
// shipped rules judge what they found.
func (w *ward) hear(t *testing.T) heard {
	t.Helper()
	candidate := w.candidate(t)
	told := heard{findings: map[string][]gates.Finding{}}
	measured := map[string][]evidence.Measurement{}
	for _, gate := range []gates.Gate{dataset.Gate{}, performance.Gate{}, bias.Gate{}} {
		found, err := gate.Measure(t.Context(), candidate)
		if err != nil {
			told.errors = append(told.errors, gate.Name()+": "+err.Error())
			continue
		}
		measured[gate.Name()] = found
	}
	for _, profile := range []string{"development", "production"} {
		told.findings[profile] = judged(t, candidate, profile, measured)
	}
	return told
}

func judged(t *testing.T, candidate gates.Candidate, profile string, measured map[string][]evidence.Measurement) []gates.Finding {
	t.Helper()
	court, err := judge.New(context.Background(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	spec := candidate.Model.Spec
	facts := evidence.ModelFacts{Task: string(spec.Task), Purpose: spec.Purpose, RiskClass: spec.RiskClass}
	statements := []evidence.Statement{evidence.Trained(candidate.Artifact, evidence.Provenance{})}
	for _, gate := range gates.Names() {
		if found, spoke := measured[gate]; spoke {
			statements = append(statements, evidence.Measured(candidate.Artifact, evidence.Measurements{Gate: gate, Environment: profile, Model: facts, Measurements: found}))
		}
	}
	verdict, err := court.Judge(context.Background(), judge.Question{
		Environment: profile, Profile: profile, Time: noon,
		Model: &judge.Model{Release: candidate.Artifact, Evidence: evidence.Opened{Statements: statements}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(verdict.Findings), func(f gates.Finding) bool {
		return !slices.ContainsFunc([]string{gates.Dataset, gates.Performance, gates.Bias}, func(gate string) bool {
			return strings.HasPrefix(f.Rule, "model."+gate+".")
		})
	})
}

// says reports whether a rule has a finding in the profile, or an error holds
// the text.
func (h heard) says(profile, want string) bool {
	return slices.ContainsFunc(h.findings[profile], func(f gates.Finding) bool { return f.Rule == want }) ||
		slices.ContainsFunc(h.errors, func(err string) bool { return strings.Contains(err, want) })
}

// tie gives all patients of the holdout one score.
func (w *ward) tie() {
	for row := range w.scores {
		w.scores[row] = 0.3
	}
}
