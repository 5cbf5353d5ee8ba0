package stats

import "math"

// KappaEstimate is [Kappa] with the normal interval of its variance away from
// chance (Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323, equation 13).
// Where all agree, or none do, that variance may be 0; the interval is then
// that of the share of agreement (Clopper and Pearson), carried over to kappa
// with the agreement by chance taken as known.
func KappaEstimate(table [][]int) (Estimate, error) {
	kappa, err := Kappa(table)
	if err != nil {
		return Estimate{}, err
	}
	shares, first, second, n := agreementShares(table)
	agreed, chance := 0.0, 0.0
	for i := range shares {
		agreed += shares[i][i]
		chance += first[i] * second[i]
	}
	sum := 0.0
	for i, row := range shares {
		for j, share := range row {
			weight := (1 - kappa) * (second[i] + first[j])
			if i == j {
				weight = 1 - weight
			}
			sum += share * weight * weight
		}
	}
	excess := kappa - chance*(1-kappa)
	variance := (sum - excess*excess) / (n * (1 - chance) * (1 - chance))
	estimate := Estimate{Value: kappa, Interval: normalInterval(kappa, variance, Alpha), Method: "cohen, fleiss-cohen-everitt"}
	if !(variance*n > minVariance) {
		share := boundedInterval(agreed, int(n), Alpha)
		estimate.Interval = Interval{(share.Low - chance) / (1 - chance), (share.High - chance) / (1 - chance)}
		estimate.Method = "cohen, clopper-pearson of the agreement"
	}
	estimate.Interval = estimate.Interval.clip(-1, 1)
	return estimate, nil
}

// agreementShares gives the table as shares of its total, what each rater used each
// word for, and the total.
func agreementShares(table [][]int) (shares [][]float64, first, second []float64, total float64) {
	for _, row := range table {
		for _, count := range row {
			total += float64(count)
		}
	}
	first, second = make([]float64, len(table)), make([]float64, len(table))
	for i, row := range table {
		shares = append(shares, make([]float64, len(row)))
		for j, count := range row {
			shares[i][j] = float64(count) / total
			first[i] += shares[i][j]
			second[j] += shares[i][j]
		}
	}
	return shares, first, second, math.Max(total, 1)
}
