package bias

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Margins of equivalence: how large a gap in a primary metric may be. They say
// what the p-values are about; the limits of the rules are policy's.
const (
	marginRate    = 0.10 // sensitivity and false positive rate
	marginRanking = 0.05 // AUROC and concordance
)

// primary is one question of the primary family: is the gap of this metric,
// between the cohorts of this column, below its margin?
type primary struct {
	metric, column string
	margin         float64
	of             func(alpha float64) gap
}

func primaries(table []decided, column string) []primary {
	found, alarmed := rates(table, stats.Confusion.Sensitivity), rates(table, stats.Confusion.FalsePositiveRate)
	return []primary{
		{"sensitivity", column, marginRate, func(alpha float64) gap { return rateGap(found, alpha) }},
		{"false_positive_rate", column, marginRate, func(alpha float64) gap { return rateGap(alarmed, alpha) }},
		{"auroc", column, marginRanking, func(alpha float64) gap { return rankingGap(rankings(table), alpha) }},
	}
}

// surest is the smallest level that is looked at: below it a p-value is a
// matter of the tails of approximations.
const surest = 1e-9

// p is the p-value of "the gap is the margin or more": the smallest level at
// which the gap's interval ends at or below the margin. An interval grows when
// its level falls, so there is one such level, and it is found by bisection. At
// 0.05 and below, and only there, the gate's own interval of 95 % shows that
// the gap is below the margin.
func (q primary) p() float64 {
	shown := func(level float64) bool { return q.of(level).High <= q.margin }
	if !shown(1) {
		return 1
	}
	if shown(surest) {
		return surest
	}
	low, high := math.Log(surest), 0.0
	for range 40 {
		if middle := (low + high) / 2; shown(math.Exp(middle)) {
			high = middle
		} else {
			low = middle
		}
	}
	return math.Exp(high)
}

// equivalence tests each question of the family, and adjusts over all of them
// (Holm 1979, Scand J Stat 6:65). A question that cannot be asked, of a column
// with fewer than two cohorts, counts as one to which the answer is no.
func equivalence(family []primary) ([]evidence.Measurement, error) {
	if len(family) == 0 {
		return nil, nil
	}
	p, askable := make([]float64, len(family)), make([]bool, len(family))
	for i, question := range family {
		p[i], askable[i] = 1, question.of(stats.Alpha).defined
		if askable[i] {
			p[i] = question.p()
		}
	}
	adjusted, err := stats.Holm(p)
	if err != nil {
		return nil, err
	}
	var measured []evidence.Measurement
	for i, question := range family {
		asked := question.of(stats.Alpha)
		alone := evidence.Measurement{Name: "equivalence_p", Group: question.metric + " " + question.column, N: asked.counted(), Method: tooFew}
		amongAll := alone
		amongAll.Name = "equivalence_p_holm"
		if askable[i] {
			alone.Value, amongAll.Value = evidence.Number(p[i]), evidence.Number(adjusted[i])
			alone.Method = fmt.Sprintf("that the gap is %.2f or more: %s, inverted", question.margin, asked.Method)
			amongAll.Method = fmt.Sprintf("holm over %d questions, columns by primary metrics", len(family))
		}
		measured = append(measured, alone, amongAll)
	}
	return measured, nil
}
