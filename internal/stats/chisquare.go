package stats

import "fmt"

// ChiSquareTest is Pearson's test of a table.
type ChiSquareTest struct {
	Statistic        float64
	DegreesOfFreedom int
	P                float64
	SmallestExpected float64 // below 5 the approximation is poor
}

// ChiSquare asks whether rows and columns of a table of counts are independent
// (Pearson 1900), without Yates' correction. The table has at least two rows
// and two columns, and none of them may be all 0: drop those first.
func ChiSquare(table [][]int) (ChiSquareTest, error) {
	return tableTest(table, func(count, expected float64) float64 {
		return (count - expected) * (count - expected) / expected
	})
}

func margins(table [][]int) (rows, columns []float64, total float64, err error) {
	if len(table) < 2 || len(table[0]) < 2 {
		return nil, nil, 0, fmt.Errorf("%w: a table has at least two rows and two columns", ErrEmpty)
	}
	rows, columns = make([]float64, len(table)), make([]float64, len(table[0]))
	for i, row := range table {
		if len(row) != len(columns) {
			return nil, nil, 0, fmt.Errorf("row %d: %w: %d and %d columns", i+1, ErrLength, len(columns), len(row))
		}
		for j, count := range row {
			if count < 0 {
				return nil, nil, 0, fmt.Errorf("row %d, column %d: %w: count %d", i+1, j+1, ErrRange, count)
			}
			rows[i] += float64(count)
			columns[j] += float64(count)
			total += float64(count)
		}
	}
	for i, sum := range rows {
		if sum == 0 {
			return nil, nil, 0, fmt.Errorf("row %d: %w", i+1, ErrEmpty)
		}
	}
	for j, sum := range columns {
		if sum == 0 {
			return nil, nil, 0, fmt.Errorf("column %d: %w", j+1, ErrEmpty)
		}
	}
	return rows, columns, total, nil
}
