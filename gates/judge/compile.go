package judge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// mainModule names each rule's document directly. Composing over
// data.model[gate][rule] would materialise every document of every rule: six
// times the cost (docs/architecture.md, "What a rule costs").
//
// Rules are asked in parts. Of a part whose rules are all satisfied the answer is
// true; only of another is each rule asked for more than that. To tell every rule
// apart costs more than most rules do, and most are satisfied.
func mainModule(kind string, rules []rule) string {
	var answers, bodies strings.Builder
	for n, part := range parts(rules) {
		fmt.Fprintf(&answers, "part_%d, ", n)
		var all, each strings.Builder
		for i, rule := range part {
			fmt.Fprintf(&all, "\tdata.%s.satisfied == true\n", rule.id)
			fmt.Fprintf(&each, "\t%q: state_%d_%d,\n", rule.id, n, i)
			fmt.Fprintf(&bodies, stateOf, n, i, "data."+rule.id, rule.id)
		}
		fmt.Fprintf(&bodies, answerOfPart, n, all.String(), each.String())
	}
	return fmt.Sprintf(answerOf, kind, answers.String(), bodies.String())
}

// partSize is how many rules one unsatisfied rule makes the judge tell apart.
const partSize = 8

// parts cuts the rules into lists that are asked together. Their order is that of
// the answer.
func parts(rules []rule) [][]rule { return slices.Collect(slices.Chunk(rules, partSize)) }

const (
	answerOf = `package assay.%s

answer := {"tolerant": tolerant, "waivers": [data.lib.objections(w) | some w in input.model.waivers],
"glass": [data.lib.glass(g) | some g in input.workload.glass], "parts": [%s]}

default tolerant := false

tolerant if data.thresholds.profiles[input.profile].on_inconclusive == "warn"

%s`
	answerOfPart = `part_%d if {
%s}

else := {
%s}

`
	stateOf = `state_%[1]d_%[2]d := "satisfied" if %[3]s.satisfied == true

else := {
	"inconclusive": [x | x := %[3]s.inconclusive], "message": [x | x := %[3]s.message],
	"waived": data.lib.waived(%[4]q),
}

`
)

// prepare compiles the bundle once; a rule that names what does not exist, or
// that is not strict, is an error here and not a silent pass later.
func prepare(ctx context.Context, loaded *bundle) (map[string]*prepared, error) {
	modules := map[string]*ast.Module{}
	for name, module := range loaded.modules {
		modules[name] = module
	}
	byKind := map[string][]rule{}
	for _, rule := range loaded.rules {
		byKind[rule.kind()] = append(byKind[rule.kind()], rule)
	}
	for kind, rules := range byKind {
		module, err := ast.ParseModuleWithOpts("assay/"+kind, mainModule(kind, rules), ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, fmt.Errorf("naming the %s rules: %w", kind, err)
		}
		modules["assay/"+kind] = module
	}
	compiler := ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities())
	if compiler.Compile(modules); compiler.Failed() {
		return nil, fmt.Errorf("compiling policies: %w", compiler.Errors)
	}
	store := inmem.NewFromObjectWithOpts(loaded.data, inmem.OptRoundTripOnWrite(true), inmem.OptReturnASTValuesOnRead(true))
	queries := map[string]*prepared{}
	for kind, rules := range byKind {
		query, err := rego.New(
			rego.Query("data.assay."+kind+".answer"), rego.Compiler(compiler), rego.Store(store),
			rego.StrictBuiltinErrors(false),
		).PrepareForEval(ctx)
		if err != nil {
			return nil, fmt.Errorf("preparing the %s rules: %w", kind, err)
		}
		queries[kind] = &prepared{query: query, rules: rules, compiler: compiler, store: store}
	}
	if often := queries["workload"]; often != nil { // asked at every review
		shortcut, err := often.cut(ctx)
		if err != nil {
			return nil, err
		}
		often.shortcut = shortcut
	}
	return queries, nil
}
