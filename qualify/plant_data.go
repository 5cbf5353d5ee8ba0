package qualify

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// plantLeakage adds a marker with normal noise: two classes that lie 1 apart,
// with standard deviation σ each, have AUROC Φ(1/(σ√2)).
func plantLeakage(s *specimen, random *rand.Rand, auroc float64) {
	deviation := 0.0
	if auroc < 1 {
		deviation = 1 / (math.Sqrt2 * distuv.UnitNormal.Quantile(auroc))
	}
	s.add(v1alpha1.Column{Name: "late_marker", Type: "number"}, func(one patient) string {
		value := deviation * random.NormFloat64()
		if s.hadEvent(one) {
			value++
		}
		return write(value)
	})
}

func plantPurity(s *specimen, random *rand.Rand, right float64) {
	s.add(v1alpha1.Column{Name: "late_remark", Type: "text"}, func(one patient) string {
		if s.hadEvent(one) == (random.Float64() < right) {
			return "poor"
		}
		return "good"
	})
}

func plantOverlap(s *specimen, random *rand.Rand, patients float64) {
	key := s.at(s.contract.Key)
	s.overlap(random, int(patients), func(copied, replaced patient) { copied.values[key] = replaced.values[key] })
}

func plantOverlapUnderNewKey(s *specimen, random *rand.Rand, patients float64) {
	s.overlap(random, int(patients), func(patient, patient) {})
}

// overlap lets training patients take the place of holdout patients. name is
// given the row in the holdout and the one in training.
func (s *specimen) overlap(random *rand.Rand, patients int, name func(holdout, train patient)) {
	keep := []int{s.at(s.contract.Key), s.at(s.contract.Split.Column)}
	from, to := random.Perm(len(s.train))[:patients], random.Perm(len(s.holdout))[:patients]
	for i := range patients {
		train, holdout := s.train[from[i]], &s.holdout[to[i]]
		for at, value := range train.values {
			if !slices.Contains(keep, at) {
				holdout.values[at] = value
			}
		}
		holdout.score = train.score
		name(*holdout, train)
	}
}

// shiftedColumn is the numeric column that drifts, and numeric enough that one
// standard deviation is a distance (codes of three values have none).
var shiftedColumn = map[string]string{breast: "mean_texture", colon: "nodes_examined", lung: "pat_karno"}

func plantDrift(s *specimen, _ *rand.Rand, deviations float64) {
	at := s.at(shiftedColumn[s.name])
	var values []float64
	for _, one := range s.holdout {
		if value, err := strconv.ParseFloat(one.values[at], 64); err == nil {
			values = append(values, value)
		}
	}
	shift := deviations * stat.StdDev(values, nil)
	for _, one := range s.holdout {
		if value, err := strconv.ParseFloat(one.values[at], 64); err == nil {
			one.values[at] = write(value + shift)
		}
	}
}

// plantPrevalence draws the holdout anew, events and others apart.
func plantPrevalence(s *specimen, random *rand.Rand, by float64) {
	var rows [2][]int // without and with the event
	for row, event := range s.events {
		if event {
			rows[1] = append(rows[1], row)
		} else {
			rows[0] = append(rows[0], row)
		}
	}
	share := float64(len(rows[1])) / float64(len(s.events))
	if share > 0.5 {
		by = -by
	}
	for i := range s.holdout {
		class := rows[0]
		if random.Float64() < share+by {
			class = rows[1]
		}
		s.holdout[i] = s.patient(random, class[random.IntN(len(class))], len(s.train)+i, s.contract.Split.Holdout)
		s.champion[i] = s.shifted(s.holdout[i].score, championNoise*random.NormFloat64())
	}
}

func plantDuplicates(s *specimen, random *rand.Rand, rows float64) {
	for _, row := range random.Perm(len(s.train))[:int(rows)] {
		s.train = append(s.train, patient{slices.Clone(s.train[row].values), s.train[row].score})
	}
}

func plantMissing(s *specimen, random *rand.Rand, share float64) {
	column := shiftedColumn[s.name]
	i := slices.IndexFunc(s.contract.Columns, func(c v1alpha1.Column) bool { return c.Name == column })
	s.contract.Columns[i].Required = false // so that missingness is asked, and not the contract
	at := s.at(column)
	s.everybody(func(one *patient) {
		if random.Float64() < share {
			one.values[at] = ""
		}
	})
}

func plantConflict(s *specimen, random *rand.Rand, patients float64) {
	key, outcome := s.at(s.contract.Key), s.at(s.outcomeColumn())
	for i, row := range random.Perm(len(s.train))[:int(patients)] {
		values := slices.Clone(s.train[row].values)
		values[key] = fmt.Sprintf("patient-9%05d", i)
		values[outcome] = map[string]string{"0": "1", "1": "0"}[values[outcome]]
		s.train = append(s.train, patient{values, s.train[row].score})
	}
}
