package compliance

import (
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func number(value float64) *float64 { return &value }

func TestAPointerSaysWhereItStandsAndWhatItAsks(t *testing.T) {
	found := pointers("risk_pointer", "risks[2].evidence", []v1alpha1.Pointer{
		{Label: "told to people only", Measurement: "performance.auroc"},
		{Measurement: "bias.sensitivity", Group: "sex=female", Min: number(0.8)},
		{Measurement: "dataset.duplicates", Max: number(0)},
	})
	want := []string{
		"risks[2].evidence[0]|performance.auroc|||",
		"risks[2].evidence[1]|bias.sensitivity|sex=female|0.8|",
		"risks[2].evidence[2]|dataset.duplicates|||0",
	}
	if len(found) != len(want) {
		t.Fatalf("%d pointers are measured, want %d", len(found), len(want))
	}
	for i, one := range found {
		if one.Name != "risk_pointer" || one.Group != want[i] || one.Value != "1" || one.Validate() != nil {
			t.Errorf("pointer %d is measured as %+v", i, one)
		}
	}
}

// What cannot be looked up is measured, so that it cannot pass by being dropped.
func TestWhatIsNoPointerPointsToNothing(t *testing.T) {
	for name, one := range map[string]v1alpha1.Pointer{
		"empty":              {},
		"no gate":            {Measurement: "auroc"},
		"two points":         {Measurement: "performance.auroc.low"},
		"a bar in the name":  {Measurement: "performance.auroc|"},
		"a bar in the group": {Measurement: "performance.auroc", Group: "|0|1"},
		"a line end":         {Measurement: "performance.auroc", Group: "sex\n"},
		"not UTF-8":          {Measurement: "performance.auroc", Group: "\xff"},
		"no number":          {Measurement: "performance.auroc", Min: number(math.NaN())},
		"endless":            {Measurement: "performance.auroc", Max: number(math.Inf(1))},
		"long":               {Measurement: "performance.auroc", Group: strings.Repeat("x", 500)},
	} {
		found := pointers("risk_pointer", "risks[0].evidence", []v1alpha1.Pointer{one})
		if len(found) != 1 || found[0].Value != "0" || found[0].Group != "risks[0].evidence[0]" || found[0].Method == "" {
			t.Errorf("%s: measured as %+v", name, found)
		}
	}
}

func TestAListOfPointersIsBounded(t *testing.T) {
	list := make([]v1alpha1.Pointer, 10000)
	for i := range list {
		list[i].Measurement = "performance.auroc"
	}
	found := pointers("risk_pointer", "risks[0].evidence", list)
	if last := found[len(found)-1]; len(found) != mostPointers+1 || last.Value != "0" {
		t.Errorf("%d pointers, the last of them %+v", len(found), last)
	}
}

// Whoever reads the group anew finds what the file asks, and nothing else.
func FuzzPointer(f *testing.F) {
	f.Add("performance.auroc", "sex=female", 0.8, 1.0)
	f.Add("performance.auroc|", "a|b", math.NaN(), math.Inf(-1))
	f.Fuzz(func(t *testing.T, measurement, group string, low, high float64) {
		asked := v1alpha1.Pointer{Measurement: measurement, Group: group, Min: &low, Max: &high}
		one := pointers("card_pointer", "place", []v1alpha1.Pointer{asked})[0]
		if err := one.Validate(); err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(one.Group, "|")
		if one.Value == "0" {
			if len(parts) != 1 {
				t.Errorf("what points to nothing reads %q", one.Group)
			}
			return
		}
		if len(parts) != 5 || parts[0] != "place[0]" || parts[1] != measurement || parts[2] != group || parts[3] == "" || parts[4] == "" {
			t.Errorf("%q of %q reads %q", measurement, group, one.Group)
		}
	})
}
