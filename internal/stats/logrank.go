package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// LogRankTest compares the hazards of groups.
type LogRankTest struct {
	Statistic          float64
	DegreesOfFreedom   int
	P                  float64
	Observed, Expected []float64 // events by group, weighted as the test weighs
}

// LogRank asks whether groups have one hazard (Mantel 1966, Cancer Chemother
// Rep 50:163; R's survdiff). group holds numbers from 0, at most a thousand
// groups. Tied events are hypergeometric; a row censored at the time of an
// event is still at risk. A group without expected events does not count; with
// fewer than two that do, the test is ErrUndefined.
func LogRank(time []float64, event []bool, group []int) (LogRankTest, error) {
	return compareHazards(time, event, group, func(float64) float64 { return 1 })
}

// PetoPeto is [LogRank] with every event weighed by the survival of all just
// before it, which looks at early differences more (Peto and Peto 1972, JRSS A
// 135:185, in the form of Harrington and Fleming 1982; survdiff with rho = 1).
func PetoPeto(time []float64, event []bool, group []int) (LogRankTest, error) {
	return compareHazards(time, event, group, func(survival float64) float64 { return survival })
}

const maxGroups = 1000

func checkGroups(group []int, rows int) (groups int, err error) {
	if err := checkLength(rows, len(group)); err != nil {
		return 0, err
	}
	for row, g := range group {
		if g < 0 || g >= maxGroups {
			return 0, fmt.Errorf("row %d: %w: group %d", row+1, ErrRange, g)
		}
		groups = max(groups, g+1)
	}
	return groups, nil
}

func compareHazards(time []float64, event []bool, group []int, weigh func(survival float64) float64) (LogRankTest, error) {
	if err := checkFollowUp(time, event); err != nil {
		return LogRankTest{}, err
	}
	groups, err := checkGroups(group, len(time))
	if err != nil {
		return LogRankTest{}, err
	}
	test := LogRankTest{Observed: make([]float64, groups), Expected: make([]float64, groups)}
	variance := make([]float64, groups*groups)
	atRisk, dying := make([]float64, groups), make([]float64, groups)
	for _, g := range group {
		atRisk[g]++
	}
	order, survival := ascending(time), 1.0
	for start := 0; start < len(order); {
		end := tieEnd(time, order, start)
		clear(dying)
		for _, row := range order[start:end] {
			dying[group[row]] += indicator(event[row])
		}
		survival *= 1 - test.take(variance, atRisk, dying, weigh(survival))
		for _, row := range order[start:end] {
			atRisk[group[row]]--
		}
		start = end
	}
	return test, test.finish(variance)
}

// take adds the events at one time and gives their share of those at risk.
func (t *LogRankTest) take(variance, atRisk, dying []float64, weight float64) float64 {
	n, d := total(atRisk), total(dying)
	if d == 0 {
		return 0
	}
	spread := 0.0
	if n > 1 {
		spread = weight * weight * d * (n - d) / (n * n * (n - 1))
	}
	groups := len(atRisk)
	for g, size := range atRisk {
		t.Observed[g] += weight * dying[g]
		t.Expected[g] += weight * d * size / n
		for h, other := range atRisk {
			if g == h {
				variance[g*groups+g] += spread * size * (n - size)
			} else {
				variance[g*groups+h] -= spread * size * other
			}
		}
	}
	return d / n
}

// finish leaves one group out: the gaps add up to 0.
func (t *LogRankTest) finish(variance []float64) error {
	var kept []int
	for g, expected := range t.Expected {
		if expected > 0 {
			kept = append(kept, g)
		}
	}
	if len(kept) < 2 {
		return fmt.Errorf("%w: %d groups at risk of an event", ErrUndefined, len(kept))
	}
	kept = kept[1:]
	matrix, gaps := mat.NewSymDense(len(kept), nil), make([]float64, len(kept))
	for i, g := range kept {
		gaps[i] = t.Observed[g] - t.Expected[g]
		for j, h := range kept {
			matrix.SetSym(i, j, variance[g*len(t.Expected)+h])
		}
	}
	solved, _, ok := solve(matrix, gaps)
	if !ok {
		return fmt.Errorf("%w: the groups are never at risk together", ErrUndefined)
	}
	for i, gap := range gaps {
		t.Statistic += gap * solved[i]
	}
	t.Statistic = math.Max(t.Statistic, 0)
	t.DegreesOfFreedom = len(kept)
	t.P = chiSquareTail(t.Statistic, len(kept))
	return nil
}
