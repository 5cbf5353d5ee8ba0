package dataset

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// ward is a holdout of 300 rows and a training file of 400, in a fixed order; the
// changes are what theory says something about.
type ward struct {
	reversed, flipped bool
	scale             float64
	copies            int
}

func (w ward) rows(from, count int) string {
	lines := make([]string, 0, count)
	for copied := range max(1, w.copies) {
		for i := from; i < from+count; i++ {
			died := (i*i/7 + i/3) % 2
			marker := float64(i%53) + 8*float64(died) + float64(i%7)
			age := 20 + i*37%70
			if w.flipped {
				died = 1 - died
			}
			lines = append(lines, fmt.Sprintf("p%d-%d,%d,%s,%s,%d", i, copied, age, []string{"f", "m", "x"}[i*i%3], strconv.FormatFloat(marker*max(1, w.scale), 'g', -1, 64), died))
		}
	}
	if w.reversed {
		for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
			lines[i], lines[j] = lines[j], lines[i]
		}
	}
	return "patient,age,sex,marker,died\n" + strings.Join(lines, "\n") + "\n"
}

func (w ward) measured(t *testing.T) measured {
	t.Helper()
	return measureGate(t, v1alpha1.DatasetSpec{Key: "patient", Label: "died", Groups: []string{"sex"}, Columns: []v1alpha1.Column{
		{Name: "patient", Type: "text"}, {Name: "age", Type: "integer", Unit: "a"}, {Name: "sex", Type: "text"},
		{Name: "marker", Type: "number", Unit: "mg/dL"}, {Name: "died", Type: "integer"},
	}}, w.rows(1000, 400), w.rows(0, 300))
}

// same holds every measurement of both against each other, but for those whose
// value the change is about.
func same(t *testing.T, before, after measured, except ...string) {
	t.Helper()
	compared := 0
	for _, was := range before.list {
		if strings.Contains(strings.Join(except, " "), was.Name) {
			continue
		}
		is, has := after.find(was.Name, was.Group)
		a, b := was.Value.Float(), is.Value.Float()
		if near := math.Abs(a-b) <= 1e-9*max(1, math.Abs(a)); !has || (was.Value != is.Value && !near) {
			t.Errorf("%s of %q was %s and is %s", was.Name, was.Group, was.Value, is.Value)
		}
		compared++
	}
	if compared < 40 {
		t.Errorf("only %d measurements were compared", compared)
	}
}

// The classifier of all columns deals rows to folds by their order.
const byOrder = "domain_classifier_auroc"

func TestTheOrderOfRowsMeansNothing(t *testing.T) {
	same(t, ward{}.measured(t), ward{reversed: true}.measured(t), byOrder)
}

// Milligrams or micrograms: distances between distributions and ranks do not
// know units.
func TestTheUnitOfAColumnMeansNothing(t *testing.T) {
	before, after := ward{}.measured(t), ward{scale: 1000}.measured(t)
	same(t, before, after, "wasserstein")
	was, _ := before.find("wasserstein", "marker")
	after.near("wasserstein", "marker", 1000*was.Value.Float()) // in the column's unit
}

// Whoever calls death survival finds the same leak, and as many of the one as
// there were of the other.
func TestFlippedLabelsTradeEventsForNonEvents(t *testing.T) {
	before, after := ward{}.measured(t), ward{flipped: true}.measured(t)
	events, _ := before.find("events", "")
	others, _ := before.find("non_events", "")
	after.is("events", "", others.Value)
	after.is("non_events", "", events.Value)
	same(t, before, after, "events", "non_events", "prevalence", "prevalence_difference", "missing_difference_by_label", "events_per_variable", "development_n_required", "c_statistic_width", "mann_whitney_u")
}

// Every patient twice: shares and distances stay, counts double, and the second
// copy of a row is told.
func TestDuplicatedDataKeepsItsShares(t *testing.T) {
	before, after := ward{}.measured(t), ward{copies: 2}.measured(t)
	for _, name := range []string{"ks", "wasserstein", "missing_fraction", "leakage_auroc", "median_ratio"} {
		was, has := before.find(name, "marker")
		if !has {
			t.Fatalf("%s is not measured", name)
		}
		after.near(name, "marker", was.Value.Float())
	}
	after.is("rows", "holdout", "600")
	after.is("duplicate_keys", "", "0")
	was, _ := before.find("duplicate_features", "")
	after.near("duplicate_features", "", 700+was.Value.Float())
}
