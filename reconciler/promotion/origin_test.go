package promotion

import (
	"errors"
	"fmt"
	"testing"
)

// wrong is an error about a row, as the packages that read files have them.
type wrong struct {
	file string
	row  int
}

func (w wrong) Error() string                    { return fmt.Sprintf("%s: row %d: it is wrong", w.file, w.row) }
func (w wrong) Place() (string, int)             { return w.file, w.row }
func (w wrong) Moved(file string, row int) error { return wrong{file, row} }

// The author of the data has neither the training nor the holdout file.
func TestARowIsToldAsItStandsInTheDataFile(t *testing.T) {
	for name, test := range map[string]struct {
		found error
		want  string
	}{
		"of the holdout":     {wrong{"holdout.csv", 1}, "datasets/ward/data.csv: row 2: it is wrong"},
		"of the training":    {wrong{"train.csv", 1}, "datasets/ward/data.csv: row 1: it is wrong"},
		"of the data file":   {wrong{"data.csv", 7}, "datasets/ward/data.csv: row 7: it is wrong"},
		"of another file":    {wrong{"scores", 1}, "scores: row 1: it is wrong"},
		"that is not there":  {wrong{"holdout.csv", 3}, "holdout.csv: row 3: it is wrong"},
		"among other errors": {errors.Join(errors.New("x"), fmt.Errorf("y: %w", wrong{"holdout.csv", 1})), "x\ny: datasets/ward/data.csv: row 2: it is wrong"},
		"no row at all":      {errors.New("holdout.csv: no luck"), "holdout.csv: no luck"},
	} {
		for _, verb := range []string{"predict", "train"} {
			work, tree := newBench(), repository(nil)
			work.broken[verb] = test.found
			_, err := Run(t.Context(), work.tools(t, tree), request(tree, "development"))
			if want := "tumour in development: " + test.want; err == nil || err.Error() != want {
				t.Errorf("a row %s, %s: got %v, want %s", name, verb, err, want)
			}
			if leaf := faults(test.found); len(leaf) > 0 && !errors.Is(err, leaf[0]) {
				t.Errorf("a row %s: the error is lost in %v", name, err)
			}
		}
	}
}
