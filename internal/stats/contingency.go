package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Expected is the table that the margins of a table of counts predict when
// rows and columns are independent: row sum times column sum over the total.
// Shapes and errors are those of [ChiSquare].
func Expected(table [][]int) ([][]float64, error) {
	rows, columns, total, err := margins(table)
	if err != nil {
		return nil, err
	}
	expected := make([][]float64, len(rows))
	for i, row := range rows {
		expected[i] = make([]float64, len(columns))
		for j, column := range columns {
			expected[i][j] = row * column / total
		}
	}
	return expected, nil
}

// ChiSquareYates is [ChiSquare] of a table of 2×2 with every deviation made
// smaller by a half, or by itself where it is less (Yates 1934, Suppl JRSS
// 1:217; R's chisq.test).
func ChiSquareYates(table [][]int) (ChiSquareTest, error) {
	if err := checkFourfold(table); err != nil {
		return ChiSquareTest{}, err
	}
	return tableTest(table, func(count, expected float64) float64 {
		deviation := max(math.Abs(count-expected)-0.5, 0)
		return deviation * deviation / expected
	})
}

// GTest is the likelihood-ratio test of independence, 2·Σ O·ln(O/E) (Wilks
// 1935, Ann Math Stat 6:190). Empty cells add nothing. Shapes and errors are
// those of [ChiSquare].
func GTest(table [][]int) (ChiSquareTest, error) {
	return tableTest(table, func(count, expected float64) float64 {
		if count == 0 {
			return 0
		}
		return 2 * count * math.Log(count/expected)
	})
}

func tableTest(table [][]int, cell func(count, expected float64) float64) (ChiSquareTest, error) {
	rows, columns, total, err := margins(table)
	if err != nil {
		return ChiSquareTest{}, err
	}
	test := ChiSquareTest{DegreesOfFreedom: (len(rows) - 1) * (len(columns) - 1), SmallestExpected: total}
	for i, row := range table {
		for j, count := range row {
			expected := rows[i] * columns[j] / total
			test.Statistic += cell(float64(count), expected)
			test.SmallestExpected = min(test.SmallestExpected, expected)
		}
	}
	test.Statistic = max(test.Statistic, 0) // rounding
	test.P = chiSquareTail(test.Statistic, test.DegreesOfFreedom)
	return test, nil
}

// chiSquareTail is the probability of a chi-square at least as large.
func chiSquareTail(statistic float64, degrees int) float64 {
	return mathext.GammaIncRegComp(float64(degrees)/2, max(statistic, 0)/2)
}

func checkFourfold(table [][]int) error {
	if len(table) != 2 || len(table[0]) != 2 || len(table[1]) != 2 {
		return fmt.Errorf("%w: a fourfold table has two rows and two columns", ErrLength)
	}
	return nil
}

// CramersV is √(χ²/(n·(k-1))), k being the smaller side of the table: 0 for
// independence, 1 when one side tells the other (Cramér 1946, section 21.9).
// Chance alone lifts it by about √(df/(n·(k-1))): see [CramersVCorrected].
func CramersV(table [][]int) (float64, error) {
	test, total, smaller, err := association(table)
	if err != nil {
		return 0, err
	}
	return min(1, math.Sqrt(test.Statistic/total/float64(smaller-1))), nil
}

// CramersVCorrected takes the part that chance explains off (Bergsma 2013, J
// Korean Stat Soc 42:323). One row is ErrEmpty: nothing can be corrected.
func CramersVCorrected(table [][]int) (float64, error) {
	test, total, _, err := association(table)
	if err != nil {
		return 0, err
	}
	if total < 2 {
		return 0, ErrEmpty
	}
	shrink := func(size int) float64 {
		return float64(size) - float64((size-1)*(size-1))/(total-1)
	}
	excess := max(0, test.Statistic/total-float64(test.DegreesOfFreedom)/(total-1))
	smaller := min(shrink(len(table)), shrink(len(table[0])))
	if excess == 0 || smaller <= 1 {
		return 0, nil
	}
	return min(1, math.Sqrt(excess/(smaller-1))), nil
}

func association(table [][]int) (test ChiSquareTest, count float64, smaller int, err error) {
	if test, err = ChiSquare(table); err != nil {
		return test, 0, 0, err
	}
	for _, row := range table {
		for _, cell := range row {
			count += float64(cell)
		}
	}
	return test, count, min(len(table), len(table[0])), nil
}

// Kappa is the agreement of two raters beyond chance (Cohen 1960, Educ Psychol
// Meas 20:37); table[i][j] counts what the first called i and the second j.
// The table is square and may have empty rows or columns. When both raters
// use one and the same word for all it is 0/0: ErrUndefined.
func Kappa(table [][]int) (float64, error) {
	first, second := make([]float64, len(table)), make([]float64, len(table))
	agreed, total := 0.0, 0.0
	for i, row := range table {
		if len(row) != len(table) {
			return 0, fmt.Errorf("row %d: %w: %d and %d columns", i+1, ErrLength, len(table), len(row))
		}
		for j, count := range row {
			if count < 0 {
				return 0, fmt.Errorf("row %d, column %d: %w: count %d", i+1, j+1, ErrRange, count)
			}
			first[i] += float64(count)
			second[j] += float64(count)
			total += float64(count)
		}
		agreed += float64(row[i])
	}
	if total == 0 {
		return 0, ErrEmpty
	}
	chance := 0.0
	for i := range first {
		chance += first[i] / total * second[i] / total
	}
	if chance == 1 {
		return 0, fmt.Errorf("%w: one word for all", ErrUndefined)
	}
	return (agreed/total - chance) / (1 - chance), nil
}
