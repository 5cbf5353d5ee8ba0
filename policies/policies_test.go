package policies_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/mlops-clinical-trials/assay/policies"
)

var update = flag.Bool("update", false, "format the rules and rewrite docs/rules.md")

// sources are the rego files of the bundle, tests of rules included.
func sources(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(policies.FS, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".rego" {
			return err
		}
		files[name], err = fs.ReadFile(policies.FS, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// pure leaves out the clock, the network and chance, as gates/judge does: a rule
// that asks for them cannot pass its tests either. The judge allows rules less
// than their tests may use, such as a list of numbers.
func pure() *ast.Capabilities {
	capabilities := ast.CapabilitiesForThisVersion()
	capabilities.AllowNet = []string{}
	capabilities.Builtins = slices.DeleteFunc(capabilities.Builtins, func(builtin *ast.Builtin) bool {
		return builtin.Nondeterministic || builtin.Name == "print" || builtin.Name == "trace"
	})
	return capabilities
}

func parse(t *testing.T, name string, content []byte) *ast.Module {
	t.Helper()
	module, err := ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{
		ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: pure(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return module
}

func parseAll(t *testing.T, files map[string][]byte) map[string]*ast.Module {
	t.Helper()
	modules := map[string]*ast.Module{}
	for name, content := range files {
		modules[name] = parse(t, name, content)
	}
	return modules
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.rego") }

// libFiles are the files that rules read evidence with.
func libFiles(files map[string][]byte) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool {
		return isTest(name) || !strings.HasPrefix(name, "lib/")
	})
}

// ruleFiles are the files that state a requirement.
func ruleFiles(files map[string][]byte) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool {
		return isTest(name) || strings.HasPrefix(name, "lib/")
	})
}

// id is the package of a rule: its folder.
func id(file string) string { return strings.ReplaceAll(path.Dir(file), "/", ".") }

// ask runs the tests whose full name matches, and tells which of them failed.
func ask(t *testing.T, modules map[string]*ast.Module, matching string, coverage *cover.Cover) (passed int, failed []string) {
	t.Helper()
	store := inmem.NewFromObject(map[string]any{"thresholds": map[string]any{"profiles": plain(profiles(t))}})
	runner := tester.NewRunner().CapturePrintOutput(false).SetStore(store).SetModules(modules).Filter(matching).
		SetCompiler(ast.NewCompiler().WithStrict(true).WithCapabilities(pure()))
	if coverage != nil {
		runner = runner.SetCoverageQueryTracer(coverage)
	}
	err := storage.Txn(t.Context(), store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		results, err := runner.RunTests(t.Context(), txn)
		if err != nil {
			return err
		}
		for result := range results {
			if result.Pass() {
				passed++
				continue
			}
			failed = append(failed, fmt.Sprintf("%s: %s: %v %v", result.Location, result.Name, result.FailedAt, result.Error))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return passed, failed
}

func TestRulesMeetTheirTestsAndEveryLineIsReached(t *testing.T) {
	modules, coverage := parseAll(t, sources(t)), cover.New()
	passed, failed := ask(t, modules, "", coverage)
	for _, story := range failed {
		t.Error(story)
	}
	if passed == 0 {
		t.Error("no test of a rule ran")
	}
	for name, file := range coverage.Report(modules).Files {
		for _, span := range file.NotCovered {
			if !isTest(name) {
				t.Errorf("%s:%d: no test reaches this", name, span.Start.Row)
			}
		}
	}
}

// Tests that cannot fail prove nothing. A rule that gives one answer to every
// question must be noticed by its own tests, whichever answer it is.
func TestTheTestsNoticeARuleThatAlwaysGivesOneAnswer(t *testing.T) {
	files := sources(t)
	modules := parseAll(t, files)
	for _, name := range ruleFiles(files) {
		for _, answer := range []string{"satisfied", "inconclusive"} {
			if !states(modules[name], answer) {
				continue
			}
			mutants := map[string]*ast.Module{
				"always": parse(t, name, append(slices.Clone(files[name]), "\n"+answer+" := true\n"...)),
				"never":  without(modules[name], answer),
			}
			for how, mutant := range mutants {
				mutated := around(modules, name)
				mutated[name] = mutant
				if _, failed := ask(t, mutated, `^data\.`+id(name)+`_test\.`, nil); len(failed) == 0 {
					t.Errorf("%s: its tests pass although it is %s %s", name, how, answer)
				}
			}
		}
	}
}

// around are the modules that the tests of one rule need: compiling the others
// for every mutant takes minutes.
func around(modules map[string]*ast.Module, name string) map[string]*ast.Module {
	needed := maps.Clone(modules)
	maps.DeleteFunc(needed, func(file string, _ *ast.Module) bool {
		inLib := strings.HasPrefix(file, "lib/") && (!isTest(file) || file == "lib/fixture_test.rego")
		return !inLib && path.Dir(file) != path.Dir(name)
	})
	return needed
}

// without is a module whose rules of that name go by another.
func without(module *ast.Module, name string) *ast.Module {
	mutant := module.Copy()
	for _, rule := range mutant.Rules {
		if rule.Head.Name.String() == name {
			rule.Head.Name = "withheld"
			rule.Head.SetRef(ast.Ref{ast.VarTerm("withheld")})
		}
	}
	return mutant
}

// states reports whether a module has a rule of that name.
func states(module *ast.Module, name string) bool {
	return slices.ContainsFunc(module.Rules, func(rule *ast.Rule) bool { return rule.Head.Name.String() == name })
}

func TestEveryRuleHasATestAndSaysWhatToDo(t *testing.T) {
	files := sources(t)
	for _, name := range ruleFiles(files) {
		if want := strings.TrimSuffix(name, ".rego") + "_test.rego"; files[want] == nil {
			t.Errorf("%s has no %s beside it", name, path.Base(want))
		}
		module := parse(t, name, files[name])
		if !states(module, "satisfied") || !states(module, "message") {
			t.Errorf("%s does not say what must be true, or how to tell it", name)
		}
		if about := described(module); about.title == "" || about.clause == "" || about.remedy == "" {
			t.Errorf("%s: its metadata needs a title, custom.clause and custom.remedy", name)
		}
	}
}

func TestRegoIsFormatted(t *testing.T) {
	for name, content := range sources(t) {
		formatted, err := format.Source(name, content)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(formatted, content) {
			continue
		}
		if !*update {
			t.Errorf("%s is not formatted; -update formats it", name)
			continue
		}
		if err := os.WriteFile(name, formatted, 0o644); err != nil {
			t.Error(err)
		}
	}
}
