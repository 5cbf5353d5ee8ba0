package main

import (
	"fmt"
	"strings"
	"testing"
)

// thirty patients: 14 women, 12 men and 4 others, of whom every second has the
// event; the second model finds all of them at 0.3 and none at 0.5.
func thirty(t *testing.T) string {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("y,days,p,q,sex\n")
	for row := range 30 {
		sex := map[bool]string{true: "f", false: "m"}[row < 14]
		if row >= 26 {
			sex = "x"
		}
		event := row % 2
		fmt.Fprintf(&rows, "%d,%d,0.%d,0.%d,%s\n", event, 1+row%7, 2+row%6, 1+3*event, sex)
	}
	return writeHoldout(t, rows.String())
}

func TestSmallCohortsAreHiddenFromAllButTheOwnerOfTheRows(t *testing.T) {
	of := []string{"bias", "--predictions", thirty(t), "--label", "y", "--score", "p", "--group", "sex"}
	hidden := measureJSON(t, of...)
	for _, group := range []string{"sex=x", "sex=m"} { // the men would give the others away
		if size := hidden["group_size "+group]; size.Value != nil || size.N != 0 || !strings.HasPrefix(size.Method, "not told: fewer than 11") {
			t.Errorf("%s: got %+v", group, size)
		}
	}
	agreeWithin(t, hidden, map[string]float64{"group_size sex=f": 14, "fewest_positives sex": 10}, 0)
	agreeWithin(t, measureJSON(t, append(of, "--unsuppressed")...), map[string]float64{
		"group_size sex=f": 14, "group_size sex=m": 12, "group_size sex=x": 4, "fewest_positives sex": 2}, 0)
}

func TestAChampionIsComparedAtItsOwnThreshold(t *testing.T) {
	of := []string{"bias", "--predictions", thirty(t), "--label", "y", "--score", "p", "--group", "sex", "--unsuppressed", "--champion", "q"}
	sensitivity := *measureJSON(t, of...)["sensitivity sex=f"].Value
	agreeWithin(t, measureJSON(t, of...), map[string]float64{"champions": 1, "sensitivity_change sex=f": sensitivity}, 1e-9)
	own := measureJSON(t, append(of, "--champion-threshold", "0.3")...)
	agreeWithin(t, own, map[string]float64{"sensitivity_change sex=f": sensitivity - 1}, 1e-9)
}

func TestRisksByAHorizonAreComparedWithWhatHappened(t *testing.T) {
	of := []string{"bias", "--predictions", thirty(t), "--time", "days", "--event", "y", "--score", "p", "--group", "sex", "--unsuppressed"}
	measured := measureJSON(t, append(of, "--risk", "q", "--horizon", "5", "--champion", "q")...)
	agreeWithin(t, measured, map[string]float64{"horizons": 1, "champions": 1}, 0)
	for _, name := range []string{"oe_ratio sex=f", "lowest_oe_ratio sex", "highest_oe_ratio sex", "worst_c_index_change sex"} {
		if m, there := measured[name]; !there || m.Value == nil {
			t.Errorf("%s: got %+v", name, m)
		}
	}
	agreeWithin(t, measureJSON(t, of...), map[string]float64{"horizons": 0, "champions": 0}, 0)
}

func TestComparisonsThatContradictThemselves(t *testing.T) {
	path := thirty(t)
	binary := []string{"bias", "--predictions", path, "--label", "y", "--score", "p", "--group", "sex"}
	survival := []string{"bias", "--predictions", path, "--time", "days", "--event", "y", "--score", "p", "--group", "sex"}
	for want, arguments := range map[string][]string{
		"--champion-threshold needs --champion":       append(binary, "--champion-threshold", "0.3"),
		"and --label: it decides":                     append(survival, "--champion", "q", "--champion-threshold", "0.3"),
		"--risk and --horizon need each other":        append(survival, "--risk", "q"),
		"--risk and --horizon are for survival":       append(binary, "--risk", "q", "--horizon", "5"),
		"--horizon -1 is not a time above 0":          append(survival, "--risk", "q", "--horizon", "-1"),
		`there is no column "r"`:                      append(binary, "--champion", "r"),
		"--group names no column":                     {"bias", "--predictions", path, "--label", "y", "--score", "p", "--group", ""},
		"risks by the horizon: row 2: a value is out": append(survival, "--risk", "days", "--horizon", "5"),
	} {
		if _, err := measure(t, arguments...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
