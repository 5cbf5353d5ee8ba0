package curves

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/internal/figure"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// thirds are the names of risk groups, by how many there are.
var thirds = map[int][]string{1: {"all"}, 2: {"lower risk", "higher risk"}, 3: {"low risk", "middle risk", "high risk"}}

func survival(scores []float64, happened outcome.Outcome) (figure.Curves, error) {
	var drawn figure.Curves
	groups := split(scores, happened.Event)
	for i, rows := range groups {
		times, events := make([]float64, len(rows)), make([]bool, len(rows))
		for j, row := range rows {
			times[j], events[j] = happened.Time[row], happened.Event[row]
		}
		curve, err := stats.KaplanMeier(times, events)
		if err != nil {
			return figure.Curves{}, fmt.Errorf("survival by predicted risk: %w", err)
		}
		drawn.Survival = append(drawn.Survival, figure.RiskGroup{Name: thirds[len(groups)][i], N: len(rows), Points: publish(curve)})
	}
	if len(groups) == 0 {
		drawn.Omitted = append(drawn.Omitted, fmt.Sprintf("survival by predicted risk: fewer than %d events", fewest))
	} else if len(groups) < 3 {
		drawn.Omitted = append(drawn.Omitted, fmt.Sprintf("survival in thirds of risk: a third has fewer than %d events, or equal scores", fewest))
	}
	return drawn, nil
}

// split parts the rows into thirds of risk, fewer where a third would have too
// few events to be published. Equal scores are never parted.
func split(scores []float64, events []bool) [][]int {
	order := rising(scores)
	for parts := 3; parts > 0; parts-- {
		groups := portions(order, scores, parts)
		if len(groups) == parts && enough(groups, events) {
			return groups
		}
	}
	return nil
}

func portions(order []int, scores []float64, parts int) [][]int {
	var groups [][]int
	start := 0
	for i := range order {
		tied := i+1 < len(order) && scores[order[i+1]] == scores[order[i]]
		if !tied && (i+1)*parts >= (len(groups)+1)*len(order) {
			groups = append(groups, order[start:i+1])
			start = i + 1
		}
	}
	return groups
}

func enough(groups [][]int, events []bool) bool {
	for _, rows := range groups {
		count := 0
		for _, row := range rows {
			if events[row] {
				count++
			}
		}
		if count < fewest {
			return false
		}
	}
	return true
}

// publish keeps the points between which at least eleven patients had the
// event, and ends where fewer than eleven would be left. The interval is
// normal on the log(-log) scale (Kalbfleisch and Prentice 1980), which stays
// within 0 and 1.
func publish(curve stats.Curve) []figure.SurvivalPoint {
	points := []figure.SurvivalPoint{{Survival: 1, Low: 1, High: 1}}
	events := 0
	for _, step := range curve {
		events += step.Events
		left := step.AtRisk - step.Events - step.Censored
		if events < fewest || left < fewest {
			continue
		}
		half := 1.96 * step.SE / math.Abs(step.Survival*math.Log(step.Survival))
		points = append(points, figure.SurvivalPoint{
			Time: step.Time, Survival: step.Survival,
			Low: math.Pow(step.Survival, math.Exp(half)), High: math.Pow(step.Survival, math.Exp(-half)),
		})
		events = 0
	}
	return points
}
