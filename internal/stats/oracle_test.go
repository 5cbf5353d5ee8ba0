package stats_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestOracle compares with results that R, scipy and scikit-learn gave for the
// data in testdata. Every value of the oracle must be read by the test of its
// section, unless it stands in unread with a reason.
func TestOracle(t *testing.T) {
	sections := map[string]func(*testing.T, entry){
		"two_sample":         testTwoSamples,
		"chi_square":         testTables,
		"multiple_testing":   testMultiplicity,
		"delong_paired":      testPaired,
		"delong_unpaired":    testUnpaired,
		"logistic":           testLogistic,
		"logistic_other":     testConditional,
		"cox":                testCox,
		"kaplan_meier":       testKaplanMeier,
		"competing_risks":    testCompetingRisks,
		"predictions":        testPredictions,
		"predictions_delong": func(*testing.T, entry) {}, // empty; an entry would be unread
	}
	oracle := readOracle(t)
	for name := range sections {
		if _, known := oracle[name]; !known {
			t.Errorf("the oracle has no section %q", name)
		}
	}
	for name, value := range oracle {
		test, known := sections[name]
		if !known {
			if unread[name] == "" {
				t.Errorf("section %q is not tested", name)
			}
			continue
		}
		t.Run(name, func(t *testing.T) {
			section := entry{t: t, path: name, value: value, seen: map[string]bool{}}
			test(t, section)
			section.account()
		})
	}
}

// unread are the values that no test reads; [] stands for any index.
var unread = map[string]string{
	"versions":    "prose",
	"commands":    "prose",
	"conventions": "prose",
	"xgboost":     "boosted trees are not statistics of this package",

	"chi_square[]/dataset":         "the table itself is in the oracle",
	"chi_square[]/filter":          "the table itself is in the oracle",
	"chi_square[]/row_column":      "the table itself is in the oracle",
	"chi_square[]/col_column":      "the table itself is in the oracle",
	"logistic[]/design":            "prose; the test has it as code",
	"logistic[]/split_fit/rule":    "prose; the test has it as code",
	"logistic_other[]/formula":     "prose; the test has it as code",
	"cox[]/design":                 "prose; the test has it as code",
	"competing_risks[]/definition": "prose; the test has it as code",
	"predictions[]/description":    "prose",
	"predictions[]/split":          "prose",
	"predictions[]/model":          "prose",
	"predictions[]/n_train":        "two are refitted; the rows of the others are not here",

	"predictions[]/lr_coefficients_standardised/intercept":      "two are refitted; the rows of the others are not here",
	"predictions[]/lr_coefficients_standardised/coef":           "two are refitted; the rows of the others are not here",
	"predictions[]/lr_coefficients_standardised/train_mean":     "two are refitted; the rows of the others are not here",
	"predictions[]/lr_coefficients_standardised/train_sd_ddof0": "two are refitted; the rows of the others are not here",
}

func readOracle(t *testing.T) map[string]any {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "oracle.json"))
	if err != nil {
		t.Fatal(err)
	}
	var oracle map[string]any
	if err := json.Unmarshal(content, &oracle); err != nil {
		t.Fatal(err)
	}
	return oracle
}

// entry is a place in the oracle; reading a value there is remembered.
type entry struct {
	t     *testing.T
	path  string
	value any
	seen  map[string]bool
}

func (e entry) at(keys ...string) entry {
	e.t.Helper()
	for _, key := range keys {
		value, ok := e.value.(map[string]any)[key]
		if !ok {
			e.t.Fatalf("%s has no %q", e.path, key)
		}
		e.path, e.value = e.path+"/"+key, value
	}
	return e
}

func (e entry) has(key string) bool {
	_, ok := e.value.(map[string]any)[key]
	return ok
}

func (e entry) keys() []string {
	var keys []string
	for key := range e.value.(map[string]any) {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (e entry) each() []entry {
	var entries []entry
	for i, value := range e.value.([]any) {
		entries = append(entries, entry{e.t, fmt.Sprintf("%s[%d]", e.path, i), value, e.seen})
	}
	return entries
}

func (e entry) read() any {
	e.seen[e.path] = true
	return e.value
}

func (e entry) number(keys ...string) float64 {
	e.t.Helper()
	e = e.at(keys...)
	value, ok := e.read().(float64)
	if !ok {
		e.t.Fatalf("%s is %v, no number", e.path, e.value)
	}
	return value
}

// optional is NaN where the oracle has null.
func (e entry) optional(keys ...string) float64 {
	e.t.Helper()
	if e = e.at(keys...); e.read() == nil {
		return math.NaN()
	}
	return e.value.(float64)
}

func (e entry) text(keys ...string) string {
	e.t.Helper()
	return e.at(keys...).read().(string)
}

// numbers has NaN where the oracle has null.
func (e entry) numbers(keys ...string) []float64 {
	e.t.Helper()
	var values []float64
	for _, value := range e.at(keys...).read().([]any) {
		if value == nil {
			value = math.NaN()
		}
		values = append(values, value.(float64))
	}
	return values
}

func (e entry) texts(keys ...string) []string {
	e.t.Helper()
	var values []string
	for _, value := range e.at(keys...).read().([]any) {
		values = append(values, value.(string))
	}
	return values
}

func (e entry) tables(keys ...string) [][]float64 {
	e.t.Helper()
	var table [][]float64
	for _, row := range e.at(keys...).read().([]any) {
		var values []float64
		for _, value := range row.([]any) {
			values = append(values, value.(float64))
		}
		table = append(table, values)
	}
	return table
}

// near compares with one number of the oracle.
func (e entry) near(got, tolerance float64, keys ...string) {
	e.t.Helper()
	near(e.t, e.path+"/"+strings.Join(keys, "/"), got, e.number(keys...), tolerance)
}

// nearAll compares with a list of the oracle; null skips the place.
func (e entry) nearAll(got []float64, tolerance float64, keys ...string) {
	e.t.Helper()
	want := e.numbers(keys...)
	if len(got) != len(want) {
		e.t.Fatalf("%s/%v: %d values, want %d", e.path, keys, len(got), len(want))
	}
	for i := range want {
		if !math.IsNaN(want[i]) {
			near(e.t, fmt.Sprintf("%s/%s %d", e.path, strings.Join(keys, "/"), i+1), got[i], want[i], tolerance)
		}
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

// account fails for every value that was not read.
func (e entry) account() {
	e.t.Helper()
	read, left := 0, 0
	for _, leaf := range leaves(e.path, e.value) {
		switch {
		case e.seen[leaf]:
			read++
		case unread[index.ReplaceAllString(leaf, "[]")] != "":
			left++
		default:
			e.t.Errorf("%s is not tested", leaf)
		}
	}
	e.t.Logf("%d fields compared, %d left out for a stated reason", read, left)
}

// leaves are the values and the lists of values.
func leaves(path string, value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			found = append(found, leaves(path+"/"+key, inner)...)
		}
		return found
	case []any:
		if len(value) == 0 {
			return nil
		}
		if _, nested := value[0].(map[string]any); nested {
			for i, inner := range value {
				found = append(found, leaves(fmt.Sprintf("%s[%d]", path, i), inner)...)
			}
			return found
		}
	}
	return []string{path}
}
