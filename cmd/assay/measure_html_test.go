package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// people is a file of predictions in which a third of the patients died.
func people(t *testing.T) string {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("died,days,risk,sex\n")
	for i := range 300 {
		fmt.Fprintf(&rows, "%d,%d,0.%02d,%s\n", max(0, i%3-1), 10+i*7%500, 10+i*37%80, []string{"female", "<b>male</b>"}[i%2])
	}
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMeasureAsAPage(t *testing.T) {
	file := people(t)
	for name, test := range map[string]struct {
		arguments []string
		want      []string
	}{
		"performance": {[]string{"performance", "--predictions", file, "--label", "died", "--score", "risk"}, []string{"ROC curve", "Calibration", "Decision curve"}},
		"survival":    {[]string{"performance", "--predictions", file, "--time", "days", "--event", "died", "--score", "risk"}, []string{"Survival by predicted risk", "C-index (Harrell)"}},
		"bias":        {[]string{"bias", "--predictions", file, "--label", "died", "--score", "risk", "--group", "sex"}, []string{"Sensitivity by cohort", "sex=&lt;b&gt;male&lt;/b&gt;"}},
		"dataset":     {[]string{"dataset", "--data", file, "--reference", file}, []string{"Drift of numeric columns", "Drift of text columns"}},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := measure(t, append(test.arguments, "-o", "html")...)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range append(test.want, "of people.csv", "Measured, not judged", "<svg ", "</html>") {
				if !strings.Contains(page, want) {
					t.Errorf("%q is not in the page", want)
				}
			}
			if strings.Contains(page, "<b>male") {
				t.Error("the name of a cohort became markup")
			}
		})
	}
}
