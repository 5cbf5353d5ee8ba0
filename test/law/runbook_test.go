package law

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Where reasons of conditions and events are set.
var reasoners = []string{"reconciler/controller", "webhook", "webhook/audit"}

// positions of the reason among the arguments of what sets conditions.
var positions = map[string]int{"set": 2, "ready": 0, "stalled": 0, "retrying": 0}

var reasonable = regexp.MustCompile(`^[A-Z][A-Za-z]+$`)

// TestTheRunbookKnowsEveryReason: whoever sees a reason finds it as a heading in
// docs/runbook.md, and no heading is left over from a reason that is no more.
func TestTheRunbookKnowsEveryReason(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range reasoners {
		for _, file := range parsed(t, folder) {
			ast.Inspect(file, func(node ast.Node) bool {
				for _, expression := range reasonsOf(node) {
					for _, reason := range textsOf(t, expression) {
						found[reason] = true
					}
				}
				return true
			})
		}
	}
	page, err := os.ReadFile("../../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, heading := range regexp.MustCompile("(?m)^### `(\\w+)`$").FindAllStringSubmatch(string(page), -1) {
		told[heading[1]] = true
	}
	for _, reason := range slices.Sorted(maps.Keys(found)) {
		if !told[reason] {
			t.Errorf("docs/runbook.md has no heading for the reason %s", reason)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(told)) {
		if !found[reason] {
			t.Errorf("docs/runbook.md has a heading for %s, which nothing sets", reason)
		}
	}
}

// reasonsOf are the expressions in a piece of code that are reasons.
func reasonsOf(node ast.Node) []ast.Expr {
	switch node := node.(type) {
	case *ast.CallExpr:
		method, is := node.Fun.(*ast.SelectorExpr)
		if !is {
			return nil
		}
		if at, sets := positions[method.Sel.Name]; sets && len(node.Args) > max(at, 1) {
			return node.Args[at : at+1]
		}
	case *ast.CompositeLit:
		if kind, is := node.Type.(*ast.Ident); is && kind.Name == "stuck" && len(node.Elts) > 0 {
			return node.Elts[:1]
		}
	case *ast.KeyValueExpr:
		if key, is := node.Key.(*ast.Ident); is && key.Name == "reason" {
			return []ast.Expr{node.Value}
		}
	case *ast.AssignStmt:
		if left, is := node.Lhs[0].(*ast.SelectorExpr); is && left.Sel.Name == "reason" {
			return node.Rhs[:1]
		}
	case *ast.ValueSpec:
		if strings.HasPrefix(node.Names[0].Name, "reason") {
			return node.Values
		}
	}
	return nil
}

// textsOf are the values of an expression, as far as they stand in the code: a
// text, a condition that is a reason too, or a phase with a text after it. What
// is a variable was given its text elsewhere.
func textsOf(t *testing.T, expression ast.Expr) (texts []string) {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(expression.Value); err == nil && reasonable.MatchString(text) {
			return []string{text}
		}
	case *ast.SelectorExpr:
		if of, is := expression.X.(*ast.Ident); is && of.Name == "kube" {
			return []string{expression.Sel.Name}
		}
	case *ast.BinaryExpr:
		for _, phase := range phases(t) {
			for _, ending := range textsOf(t, expression.Y) {
				texts = append(texts, phase+ending)
			}
		}
	}
	return texts
}

// phases are the names in the list that promotion.Run walks, and those that have
// a constant.
func phases(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("../../reconciler/promotion/run.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range regexp.MustCompile(`(?m)^\t(?:\{|is[A-Z]\w+ +=) ?"([A-Z]\w+)"(?:, \w+\},)?$`).FindAllStringSubmatch(string(content), -1) {
		names = append(names, entry[1])
	}
	if len(names) < 9 {
		t.Fatalf("the phases are %v, which is not all", names)
	}
	return names
}

func parsed(t *testing.T, folder string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", folder, len(names), err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
