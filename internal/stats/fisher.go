package stats

import (
	"fmt"
	"math"
)

// maxFourfold bounds the walk over all tables with the same margins.
const maxFourfold = 1_000_000

// Fisher is the two-sided exact test of a table of 2×2: the chance, given all
// margins, of a table no likelier than the one at hand (Fisher 1935; R's
// fisher.test, which also calls tables equal that differ by 1e-7). A table
// with an empty row or column has P = 1. Above a million rows: ErrRange.
func Fisher(table [][]int) (float64, error) {
	f, err := newFourfold(table)
	if err != nil {
		return 0, err
	}
	limit := f.logWeight(f.at) + math.Log1p(1e-7)
	extreme, all := 0.0, 0.0
	peak := f.logWeight(f.mode())
	f.each(func(_ int, logWeight float64) {
		weight := math.Exp(logWeight - peak)
		all += weight
		if logWeight <= limit {
			extreme += weight
		}
	})
	return min(1, extreme/all), nil
}

// OddsRatio is ad/bc of a table of 2×2 with Woolf's interval, normal on the
// log scale (Woolf 1955, Ann Hum Genet 19:251). With an empty cell neither
// exists: ErrUndefined.
func OddsRatio(table [][]int) (Estimate, error) {
	if _, err := newFourfold(table); err != nil {
		return Estimate{}, err
	}
	variance, log := 0.0, 0.0
	for i, row := range table {
		for j, count := range row {
			if count == 0 {
				return Estimate{}, fmt.Errorf("row %d, column %d: %w: the cell is empty", i+1, j+1, ErrUndefined)
			}
			variance += 1 / float64(count)
			log += math.Log(float64(count)) * float64(1-2*((i+j)%2))
		}
	}
	interval := normalInterval(log, variance, Alpha)
	return Estimate{math.Exp(log), Interval{math.Exp(interval.Low), math.Exp(interval.High)}, "woolf"}, nil
}

// ConditionalOddsRatio is the maximum likelihood estimate given the margins of
// a table of 2×2: the odds ratio under which the count at hand is the mean of
// Fisher's noncentral hypergeometric distribution. At either end of what the
// margins allow it would be 0 or infinite: ErrUndefined.
func ConditionalOddsRatio(table [][]int) (float64, error) {
	f, err := newFourfold(table)
	if err != nil {
		return 0, err
	}
	if f.at == f.low || f.at == f.high {
		return 0, fmt.Errorf("%w: the margins allow no table beyond", ErrUndefined)
	}
	low, high := -1.0, 1.0
	for f.mean(low) > float64(f.at) {
		low *= 2
	}
	for f.mean(high) < float64(f.at) {
		high *= 2
	}
	for range 200 {
		middle := (low + high) / 2
		if middle == low || middle == high {
			break
		}
		if f.mean(middle) < float64(f.at) {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Exp((low + high) / 2), nil
}

// fourfold is the first cell of a table of 2×2 and what the margins allow.
type fourfold struct {
	at, low, high       int
	firstRow, secondRow float64
	firstColumn         float64
	logFirst, logSecond float64 // of the factorials
}

func newFourfold(table [][]int) (fourfold, error) {
	if err := checkFourfold(table); err != nil {
		return fourfold{}, err
	}
	for i, row := range table {
		for j, count := range row {
			if count < 0 || count > maxFourfold {
				return fourfold{}, fmt.Errorf("row %d, column %d: %w: count %d", i+1, j+1, ErrRange, count)
			}
		}
	}
	a, b, c, d := table[0][0], table[0][1], table[1][0], table[1][1]
	switch all := a + b + c + d; {
	case all == 0:
		return fourfold{}, ErrEmpty
	case all > maxFourfold:
		return fourfold{}, fmt.Errorf("%w: %d rows, at most %d", ErrRange, all, maxFourfold)
	}
	return fourfold{
		at: a, low: max(0, a-d), high: min(a+b, a+c),
		firstRow: float64(a + b), secondRow: float64(c + d), firstColumn: float64(a + c),
		logFirst: logFactorial(float64(a + b)), logSecond: logFactorial(float64(c + d)),
	}, nil
}

func logFactorial(n float64) float64 {
	value, _ := math.Lgamma(n + 1)
	return value
}

// logWeight of a first cell is the log of the number of its tables.
func (f fourfold) logWeight(first int) float64 {
	x, y := float64(first), f.firstColumn-float64(first)
	return f.logFirst - logFactorial(x) - logFactorial(f.firstRow-x) + f.logSecond - logFactorial(y) - logFactorial(f.secondRow-y)
}

func (f fourfold) mode() int {
	mode := int((f.firstRow + 1) * (f.firstColumn + 1) / (f.firstRow + f.secondRow + 2))
	return min(max(mode, f.low), f.high)
}

func (f fourfold) each(visit func(first int, logWeight float64)) {
	for first := f.low; first <= f.high; first++ {
		visit(first, f.logWeight(first))
	}
}

// mean of the first cell when the log of the odds ratio is known.
func (f fourfold) mean(logOdds float64) float64 {
	peak := math.Inf(-1)
	f.each(func(first int, logWeight float64) { peak = max(peak, logWeight+logOdds*float64(first)) })
	sum, weights := 0.0, 0.0
	f.each(func(first int, logWeight float64) {
		weight := math.Exp(logWeight + logOdds*float64(first) - peak)
		sum += float64(first) * weight
		weights += weight
	})
	return sum / weights
}
