package stats

import (
	"fmt"
	"math"
)

// DevelopmentSize says how many patients a risk model of a binary outcome must
// be developed on, by three criteria of Riley 2019 (Stat Med 38:1276; 2020,
// BMJ 368:m441).
type DevelopmentSize struct {
	Shrinkage int // predictors need to be shrunk by no more than a tenth
	Optimism  int // apparent and adjusted Nagelkerke R² differ by no more than 0.05
	Intercept int // the overall risk is known to within 0.05
	Patients  int // the largest of them
	Events    float64
	// EventsPerParameter is Events over the number of predictor parameters.
	EventsPerParameter float64
}

// publishedZ is the normal quantile with the digits that the papers take, so
// that sizes agree with theirs to the patient.
const publishedZ = 1.96

// SizeForDevelopment wants the number of predictor parameters, the Cox-Snell R²
// that is expected of the model, and the share of events. The R² is above 0
// and below the largest that the share of events allows: see [LargestR2].
func SizeForDevelopment(parameters int, r2, prevalence float64) (DevelopmentSize, error) {
	const targetShrinkage, optimism, margin = 0.9, 0.05, 0.05
	largest, err := LargestR2(prevalence)
	if err != nil {
		return DevelopmentSize{}, err
	}
	if parameters < 1 || parameters > 1_000_000 || !(r2 > 0 && r2 < largest) {
		return DevelopmentSize{}, fmt.Errorf("%w: %d parameters with R² %v, below %v", ErrRange, parameters, r2, largest)
	}
	rows := func(shrinkage float64) float64 {
		return math.Ceil(float64(parameters) / ((shrinkage - 1) * math.Log1p(-r2/shrinkage)))
	}
	needed := [3]float64{
		rows(targetShrinkage),
		rows(r2 / (r2 + optimism*largest)),
		math.Ceil(publishedZ * publishedZ / (margin * margin) * prevalence * (1 - prevalence)),
	}
	most := max(needed[0], needed[1], needed[2])
	if !(most < 1e15) {
		return DevelopmentSize{}, fmt.Errorf("%w: R² %v asks for %v patients", ErrRange, r2, most)
	}
	return DevelopmentSize{
		Shrinkage: int(needed[0]), Optimism: int(needed[1]), Intercept: int(needed[2]), Patients: int(most),
		Events: most * prevalence, EventsPerParameter: most * prevalence / float64(parameters),
	}, nil
}

// LargestR2 is the Cox-Snell R² of perfect prediction, 1 - exp(2L₀/n). Where no
// R² was reported Riley 2020 takes 15 % of it. The share of events is inside
// (0, 1).
func LargestR2(prevalence float64) (float64, error) {
	if !(prevalence > 0 && prevalence < 1) {
		return 0, fmt.Errorf("%w: a share of events of %v", ErrRange, prevalence)
	}
	return -math.Expm1(2 * bernoulliLogLikelihood(prevalence)), nil
}

// SizeForOE is how many patients an evaluation needs for an interval of the
// observed over expected ratio of a given width around 1, on the log scale
// (Riley 2021, Stat Med 40:4230, criterion 1; 0.2 is usual). The width is
// above 0.
func SizeForOE(prevalence, width float64) (rows int, err error) {
	if !(prevalence > 0 && prevalence < 1) || !(width > 0) || math.IsInf(width, 0) {
		return 0, fmt.Errorf("%w: a share of events of %v and a width of %v", ErrRange, prevalence, width)
	}
	se := math.Asinh(width/2) / publishedZ // exp(z·se) - exp(-z·se) = width
	needed := math.Ceil((1 - prevalence) / (prevalence * se * se))
	if !(needed < 1e15) {
		return 0, fmt.Errorf("%w: a width of %v asks for %v patients", ErrRange, width, needed)
	}
	return int(needed), nil
}

// SizeForAUROC is how many patients an evaluation needs for an interval of the
// AUROC of a given width, by the standard error of Newcombe 2006 that Riley
// 2021 (Stat Med 40:4230, criterion 3; 0.1 is usual) takes. The area is inside
// (0.5, 1).
func SizeForAUROC(area, prevalence, width float64) (rows int, err error) {
	if !(prevalence > 0 && prevalence < 1) || !(area > 0.5 && area < 1) || !(width > 0) {
		return 0, fmt.Errorf("%w: area %v, share of events %v, width %v", ErrRange, area, prevalence, width)
	}
	const most = 1 << 50
	rows = bisect(2, most, func(n int) bool {
		half := float64(n)/2 - 1
		spread := area * (1 - area) * (1 + half*(1-area)/(2-area) + half*area/(1+area))
		n2 := float64(n) * float64(n)
		return 2*publishedZ*math.Sqrt(spread/(n2*prevalence*(1-prevalence))) <= width
	})
	if rows == most {
		return 0, fmt.Errorf("%w: width %v", ErrRange, width)
	}
	return rows, nil
}
