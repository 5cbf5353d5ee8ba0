package policies_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

const (
	matrixPath = "../docs/controls.md"
	controls   = 35 // CMP-001 to CMP-035
)

const matrixPreface = `# Control matrix

Each control is held by exactly one rule, over evidence that is signed with the release. *Evidence* is what the rule
reads: gate and measurement. *Tests* are the rule's own, beside it, and one release for each control that is mutated so
that exactly this rule denies it ([test/e2e/controls_test.go](../test/e2e/controls_test.go)). What the measurements mean
is told in [gates/compliance.md](gates/compliance.md), what a rule demands in [rules.md](rules.md).

The clauses are those that a control answers to. They are no legal advice, and a control that holds is no certificate.

Generated from the rules' own metadata: ` + "`go test ./policies -update`" + ` rewrites this page.

| control | what must be true | clause | rule | evidence | tests |
|---|---|---|---|---|---|
`

// controlled maps each control to the files of its rules.
func controlled(t *testing.T, files map[string][]byte) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, name := range ruleFiles(files) {
		if control := described(parse(t, name, files[name])).control; control != "" {
			found[control] = append(found[control], name)
		}
	}
	return found
}

func TestEveryControlIsHeldByOneRule(t *testing.T) {
	held := controlled(t, sources(t))
	for n := 1; n <= controls; n++ {
		name := fmt.Sprintf("CMP-%03d", n)
		if len(held[name]) != 1 {
			t.Errorf("%s is held by %d rules: %v", name, len(held[name]), held[name])
		}
		delete(held, name)
	}
	for name, rules := range held {
		t.Errorf("there is no control %s, which %v names", name, rules)
	}
}

func matrix(t *testing.T) []byte {
	files := sources(t)
	held := controlled(t, files)
	var page bytes.Buffer
	page.WriteString(matrixPreface)
	for _, control := range slices.Sorted(maps.Keys(held)) {
		for _, name := range held[control] {
			module := parse(t, name, files[name])
			about := described(module)
			anchor := strings.NewReplacer(".", "").Replace(id(name))
			fmt.Fprintf(&page, "| %s | %s | %s | [%s](rules.md#%s) | %s | [rego](../policies/%s), [mutant](../test/e2e/controls_test.go) |\n",
				control, about.title, about.clause, id(name), anchor, strings.Join(evidenceOf(module), ", "),
				path.Join(path.Dir(name), path.Base(path.Dir(name))+"_test.rego"))
		}
	}
	return page.Bytes()
}

// evidenceOf lists the measurements that a rule asks for by gate and name, and
// what else of the model it reads.
func evidenceOf(module *ast.Module) []string {
	var found []string
	ast.WalkTerms(module, func(term *ast.Term) bool {
		switch value := term.Value.(type) {
		case ast.Call:
			if gate, name, is := asked(value); is {
				found = append(found, "`"+gate+"."+name+"`")
			}
		case ast.Ref:
			if len(value) > 2 && text(value[0]) == "input" && text(value[1]) == "model" {
				found = append(found, "`"+text(value[2])+"`")
			}
		}
		return false
	})
	slices.Sort(found)
	return slices.Compact(found)
}

// asked reads a call such as lib.overall("compliance", "retention_years").
func asked(call ast.Call) (gate, name string, is bool) {
	operator, isRef := call[0].Value.(ast.Ref)
	if !isRef || len(call) < 3 || text(operator[0]) != "lib" {
		return "", "", false
	}
	first, isFirst := call[1].Value.(ast.String)
	second, isSecond := call[2].Value.(ast.String)
	return string(first), string(second), isFirst && isSecond
}

func TestTheControlMatrixIsWhatTheRulesSay(t *testing.T) {
	want := matrix(t)
	if *update {
		if err := os.WriteFile(matrixPath, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(matrixPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the rules; -update rewrites it", matrixPath)
	}
}
