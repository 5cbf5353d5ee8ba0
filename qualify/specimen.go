package qualify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// patient is a row of a candidate's data, and the score that the model gives.
type patient struct {
	values []string
	score  float64
}

// specimen is a candidate in the making, into which a defect is planted.
type specimen struct {
	*pool
	contract v1alpha1.DatasetSpec // hides the pool's: a defect may add a column
	columns  []string
	train    []patient
	holdout  []patient
	champion []float64
	itself   bool // the champion is the candidate's own artifact
	unstable int  // how many patients get another score the second time
}

// championNoise is what the clean champion's scores differ by, on their own
// scale (binary: the logit): a model as good as the candidate, and not the same.
const championNoise = 0.1

// draw makes the clean candidate of a replicate.
func (p *pool) draw(random *rand.Rand) *specimen {
	made := &specimen{pool: p, contract: p.contract, columns: p.columns}
	for i := range p.train {
		made.train = append(made.train, p.patient(random, random.IntN(len(p.rows)), i, p.contract.Split.Train))
	}
	for i := range p.holdout {
		made.holdout = append(made.holdout, p.patient(random, random.IntN(len(p.rows)), p.train+i, p.contract.Split.Holdout))
	}
	for _, one := range made.holdout {
		made.champion = append(made.champion, p.shifted(one.score, championNoise*random.NormFloat64()))
	}
	return made
}

// patient copies a row of the pool under a fresh key.
func (p *pool) patient(random *rand.Rand, row, number int, split string) patient {
	values := slices.Clone(p.rows[row])
	for _, column := range p.contract.Columns {
		at := p.at(column.Name)
		if value, err := strconv.ParseFloat(values[at], 64); err == nil && p.jitters(column) {
			values[at] = write(value * (1 - 1e-6*random.Float64()))
		}
	}
	values[p.at(p.contract.Key)] = fmt.Sprintf("patient-%06d", number)
	values[p.at(p.contract.Split.Column)] = split
	values[p.at(cohortColumn)] = []string{"a", "b"}[random.IntN(2)]
	return patient{values, p.scores[row]}
}

func write(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

// shifted moves a score by an amount on its own scale.
func (p *pool) shifted(score, by float64) float64 {
	if p.binary() {
		return expit(logit(score) + by)
	}
	return score + by
}

// copy is a specimen that a defect may change without changing this one.
func (s *specimen) copy() *specimen {
	copied := *s
	copied.train, copied.holdout = clonePatients(s.train), clonePatients(s.holdout)
	copied.champion = slices.Clone(s.champion)
	copied.columns = slices.Clone(s.columns)
	copied.contract.Columns = slices.Clone(s.contract.Columns)
	return &copied
}

func clonePatients(patients []patient) []patient {
	cloned := make([]patient, len(patients))
	for i, one := range patients {
		cloned[i] = patient{slices.Clone(one.values), one.score}
	}
	return cloned
}

// at hides the pool's: a defect may have added a column.
func (s *specimen) at(column string) int { return slices.Index(s.columns, column) }

// everybody visits all patients, of training and holdout.
func (s *specimen) everybody(visit func(one *patient)) {
	for i := range s.train {
		visit(&s.train[i])
	}
	for i := range s.holdout {
		visit(&s.holdout[i])
	}
}

// add gives everybody a value in a new column.
func (s *specimen) add(column v1alpha1.Column, value func(one patient) string) {
	s.columns = append(s.columns, column.Name)
	s.contract.Columns = append(s.contract.Columns, column)
	s.everybody(func(one *patient) { one.values = append(one.values, value(*one)) })
}

func (s *specimen) hadEvent(one patient) bool { return one.values[s.at(s.outcomeColumn())] == "1" }

func (s *specimen) inCohort(one patient, cohort string) bool {
	return one.values[s.at(cohortColumn)] == cohort
}
