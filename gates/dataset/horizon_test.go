package dataset

import (
	"context"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Of five patients two are seen until day 30, one died before, and of two
// nobody knows; a sixth has no usable outcome.
func TestPatientsAreFollowedToTheHorizonOrNot(t *testing.T) {
	path := survivalFile(t, "30,0,80\n40,1,70\n29,1,60\n10,0,50\n20,0,50\n50,7,50\n")
	list, err := measure(context.Background(), request{memory: memory, contract: survivalContract(), horizon: 30, sources: []table.Source{{Name: "data", Path: path}}})
	if err != nil {
		t.Fatal(err)
	}
	m := valid(t, list)
	m.is("horizon_declared", "", "1")
	m.is("horizon", "", "30")
	m.is("at_risk_at_horizon", "data", "0.4")
	m.is("known_at_horizon", "data", "0.6")
	m = measureFiles(t, path, "", survivalContract())
	m.is("horizon_declared", "", "0")
	m.absent("at_risk_at_horizon", "data")
}
