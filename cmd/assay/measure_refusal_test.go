package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// A person who gets one of these knows what to change.
func TestWhatIsNotMeasured(t *testing.T) {
	binary := []string{"--label", "y", "--score", "p"}
	survival := []string{"--time", "days", "--event", "y", "--score", "p"}
	for name, test := range map[string]struct {
		content string
		flags   []string
		want    string
	}{
		"a label is missing":      {"y,p\n1,.5\n,.4\n", binary, `holdout.csv: row 2, column "y": the label is missing`},
		"a score is missing":      {"y,p\n1,.5\n0,NA\n", binary, `holdout.csv: row 2, column "p": the score is missing`},
		"a time is missing":       {"y,p,days\n1,.5,3\n1,.4,\n", survival, `holdout.csv: row 2, column "days": a follow-up time is 0 or more`},
		"an event is missing":     {"y,p,days\n1,.5,3\n,.4,4\n", survival, `holdout.csv: row 2, column "y": the label is missing`},
		"no event":                {"y,p,days\n0,.5,3\n0,.4,4\n", survival, `holdout.csv: column "y": all rows are of one class: no events`},
		"a label of 2":            {"y,p\n1,.5\n2,.4\n", binary, `row 2, column "y": 2 is neither 0 nor 1`},
		"a label in words":        {"y,p\nyes,.5\nno,.4\n", binary, `row 1, column "y": "yes" is not a number`},
		"a score in words":        {"y,p\n1,high\n0,low\n", binary, `row 1, column "p": "high" is not a number`},
		"an infinite score":       {"y,p\n1,inf\n0,.1\n", binary, `row 1, column "p": "inf" is not a number`},
		"one class":               {"y,p\n1,.5\n1,.4\n", binary, `holdout.csv: column "y": all rows are of one class: 2 events, 0 non-events`},
		"no rows":                 {"y,p\n", binary, "holdout.csv: there are no rows below the header"},
		"an empty file":           {"", binary, "holdout.csv: the file is empty"},
		"no such label":           {"why,p\n1,.5\n", binary, "there is no column \"y\"\nhint: the columns are why, p"},
		"a misspelt label":        {"died,p\n1,.5\n", []string{"--label", "dead", "--score", "p"}, `there is no column "dead"; did you mean "died"?`},
		"a misspelt score":        {"y,risk\n1,.5\n0,.4\n", []string{"--label", "y", "--score", "rsik"}, `there is no column "rsik"; did you mean "risk"?`},
		"a row of three fields":   {"y,p\n1,.5,9\n", binary, "holdout.csv: row 1: 3 fields where the header names 2"},
		"two outcomes":            {"y,p\n1,.5\n", append([]string{"--time", "days"}, binary...), "hint: give --label for a binary outcome, or --time and --event for survival"},
		"no outcome":              {"y,p\n1,.5\n", []string{"--score", "p"}, "no column of the outcome is named\nhint: give --label"},
		"a time without event":    {"y,p\n1,.5\n", []string{"--score", "p", "--time", "y"}, "--time and --event need each other"},
		"a threshold of survival": {"y,p\n1,.5\n", append([]string{"--threshold", "0.3"}, survival...), "no decision is made of a survival score"},
		"a threshold in per cent": {"y,p\n1,.5\n0,.4\n", append([]string{"--threshold", "50"}, binary...), "the decision threshold 50 is not between 0 and 1, as the scores are"},
		"a lonely threshold":      {"y,p\n1,.5\n0,.4\n", append([]string{"--champion-threshold", "0.3"}, binary...), "--champion-threshold needs --champion, and --label"},
		"no score":                {"y,p\n1,.5\n", []string{"--label", "y"}, `required flag(s) "score" not set`},
		"another format":          {"y,p\n1,.5\n", append([]string{"-o", "yaml"}, binary...), `-o "yaml" is none of text, json`},
	} {
		for _, gate := range []string{"performance", "bias"} {
			arguments := append([]string{gate, "--predictions", writeHoldout(t, test.content)}, test.flags...)
			if gate == "bias" {
				arguments = append(arguments, "--group", "y")
			}
			measureRefuses(t, name, test.want, arguments...)
		}
	}
}

func TestWhatIsNoFileOfPredictions(t *testing.T) {
	folder := t.TempDir()
	for _, gate := range []string{"performance", "bias"} {
		of := []string{gate, "--group", "sex", "--label", "y", "--score", "p", "--predictions"}
		if gate == "performance" {
			of = append(of[:1], of[3:]...)
		}
		measureRefuses(t, "directory", "not a regular file", append(of, folder)...)
		measureRefuses(t, "nothing", "predictions.csv: there is no such file", append(of, filepath.Join(folder, "predictions.csv"))...)
	}
	measureRefuses(t, "directory", "not a regular file", "dataset", "--data", folder)
	measureRefuses(t, "nothing", "data.csv: there is no such file", "dataset", "--data", filepath.Join(folder, "data.csv"))
	measureRefuses(t, "empty", "the file is empty", "dataset", "--data", writeHoldout(t, ""))
	measureRefuses(t, "no reference", "there is no such file", "dataset", "--data", "testdata/lung.csv", "--reference", filepath.Join(folder, "x.csv"))
	measureRefuses(t, "no contract", "reading the contract", "dataset", "--data", "testdata/lung.csv", "--contract", filepath.Join(folder, "dataset.yaml"))
	measureRefuses(t, "a directory of contracts", "is a directory", "dataset", "--data", "testdata/lung.csv", "--contract", folder)
	measureRefuses(t, "a contract of CSV", "holdout.csv", "dataset", "--data", "testdata/lung.csv", "--contract", writeHoldout(t, "a,b\n1,2\n"))
}

func TestWhatOnlyOneGateRefuses(t *testing.T) {
	const content = "y,p,old\n1,.5,.4\n0,.4,\n"
	binary := []string{"--label", "y", "--score", "p", "--predictions"}
	measureRefuses(t, "a champion without a score", `row 2, column "old": the score is missing`, append([]string{"performance", "--champion", "old"}, append(binary, writeHoldout(t, content))...)...)
	measureRefuses(t, "no such champion", `there is no column "odl"; did you mean "old"?`, append([]string{"performance", "--champion", "odl"}, append(binary, writeHoldout(t, content))...)...)
	measureRefuses(t, "no such cohort", `there is no column "sex"`, append([]string{"bias", "--group", "sex"}, append(binary, writeHoldout(t, content))...)...)
	measureRefuses(t, "no cohort", `required flag(s) "group" not set`, append([]string{"bias"}, append(binary, writeHoldout(t, content))...)...)
	measureRefuses(t, "an empty cohort", "--group names no column of cohorts", append([]string{"bias", "--group", ""}, append(binary, writeHoldout(t, content))...)...)
	measureRefuses(t, "an unknown gate", "hint: performance, bias or dataset", "fairness")
	measureRefuses(t, "no gate", "what is to be measured?")
}

func measureRefuses(t *testing.T, name, want string, arguments ...string) {
	t.Helper()
	answer, err := measure(t, arguments...)
	if err == nil || !strings.Contains(err.Error(), want) || answer != "" {
		t.Errorf("%s, %s: got %v, want %q in it", arguments, name, err, want)
	}
}
