package judge_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

const header = "# METADATA\n# title: a rule\n# custom:\n#   remedy: none\n"

// readers is a judge with three small rules about what it read of a measurement
// beside one for each other kind of question.
func readers(t testing.TB) *judge.Judge {
	t.Helper()
	tree := fstest.MapFS{
		"change/any/any.rego":     {Data: []byte(header + "package change.any\n\nsatisfied := true\n")},
		"workload/any/any.rego":   {Data: []byte(header + "package workload.any\n\nsatisfied := true\n")},
		"model/alike/alike.rego":  {Data: []byte(header + alike)},
		"model/whole/whole.rego":  {Data: []byte(header + whole)},
		"model/spoken/spoke.rego": {Data: []byte(header + spoken)},
	}
	libraries, err := fs.Glob(policies.FS, "lib/*.rego")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range libraries {
		text, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		tree[name] = &fstest.MapFile{Data: text}
	}
	court, err := judge.New(t.Context(), tree)
	if err != nil {
		t.Fatal(err)
	}
	return court
}

const (
	// A number is read as rules would read it, or by neither.
	alike = `package model.alike

import data.lib

satisfied if lib.value(m) == lib.decimal(m.value)

satisfied if {
	not lib.value(m)
	not lib.decimal(m.value)
}

m := lib.overall("bias", "gap")
`
	// An interval is read if it is three numbers, in order, and not otherwise.
	whole = `package model.whole

import data.lib

satisfied if {
	lib.ends(m) == ends
	[lib.low(m), lib.high(m)] == ends
}

satisfied if {
	not lib.low(m)
	not lib.high(m)
	not lib.ends(m)
	not ends
}

ends := [lib.decimal(m.low), lib.decimal(m.high)] if {
	is_number(lib.decimal(m.value))
	lib.decimal(m.low) <= lib.decimal(m.high)
}

m := lib.overall("bias", "gap")
`
	spoken = `package model.spoken

import data.lib

satisfied if {
	lib.measured("bias")
	lib.value(lib.one("bias", "gap", input.model.name)) == 1
	count(lib.named("bias", "gap")) == count(input.model.measurements.bias)
	lib.named("bias", "none") == []
	lib.named("none", "gap") == []
}
`
)

// unmet lists the rules that are not satisfied by these measurements.
func unmet(t *testing.T, court *judge.Judge, name string, measured ...evidence.Measurement) []string {
	t.Helper()
	question := ask(map[string][]evidence.Measurement{"bias": measured})
	question.Model.Release.Name = name
	verdict, err := court.Judge(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, found := range verdict.Findings {
		rules = append(rules, found.Rule)
	}
	return rules
}

// Numbers are read in Go, once for all rules. What Go takes for a number, and
// what policies/lib does, must never differ: a rule's tests feed the second.
func FuzzARuleReadsTheNumbersThatGoReads(f *testing.F) {
	for _, text := range []string{"0", "-0", "1", "-1.50", "1e9", " 1", "01", ".5", "5.", "0x10", "NaN", "", "1_0", "1\n", "\xff", "٣"} {
		f.Add(text, "0.1", "0.2")
		f.Add("0.1", text, "0.2")
		f.Add("0.1", "0", text)
	}
	court := readers(f)
	f.Fuzz(func(t *testing.T, value, low, high string) {
		m := evidence.Measurement{Name: "gap", Value: evidence.Decimal(value), Low: evidence.Decimal(low), High: evidence.Decimal(high)}
		for _, rule := range unmet(t, court, "m", m) {
			if rule != "model.spoken" {
				t.Errorf("%s: %q %q %q is read differently", rule, value, low, high)
			}
		}
	})
}

func TestAMeasurementIsFoundByNamesThatNobodyFoundHarmless(t *testing.T) {
	court := readers(t)
	one := about("other", number("gap", 7))
	for _, group := range []string{"", "sex=female", "a.b", `"]`, "input", "data.lib", "__proto__", "ä", "a\x00b", "{{.}}"} {
		found := about(group, number("gap", 1))
		if slices.Contains(unmet(t, court, group, one, found), "model.spoken") {
			t.Errorf("%q is not found", group)
		}
		if !slices.Contains(unmet(t, court, group, one, found, found), "model.spoken") {
			t.Errorf("%q is found, although it was measured twice", group)
		}
	}
}

func TestAGateThatMeasuredNothingHasNotSpoken(t *testing.T) {
	if rules := unmet(t, readers(t), ""); len(rules) != 3 {
		t.Errorf("unmet are %v, want all", rules)
	}
}
