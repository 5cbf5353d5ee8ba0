package judge

import (
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// mainModule names each rule's document directly. Composing over
// data.model[gate][rule] would materialise every document of every rule: six
// times the cost (docs/architecture.md, "What a rule costs").
//
// A rule that is satisfied is asked for nothing else. The answer has an entry
// for every rule; were one to have none, there would be no answer.
func mainModule(kind string, rules []rule) string {
	var entries, states strings.Builder
	for i, rule := range rules {
		fmt.Fprintf(&entries, "\t%q: state_%d,\n", rule.id, i)
		fmt.Fprintf(&states, stateOf, i, "data."+rule.id, rule.id)
	}
	return fmt.Sprintf(answerOf, kind, entries.String(), states.String())
}

const (
	answerOf = `package assay.%s

answer := {"tolerant": tolerant, "waivers": [data.lib.objections(w) | some w in input.model.waivers],
"glass": [data.lib.glass(g) | some g in input.workload.glass], "rules": {
%s}}

default tolerant := false

tolerant if data.thresholds.profiles[input.profile].on_inconclusive == "warn"

%s`
	stateOf = `state_%[1]d := "satisfied" if %[2]s.satisfied == true

else := {
	"inconclusive": [x | x := %[2]s.inconclusive], "message": [x | x := %[2]s.message],
	"waived": data.lib.waived(%[3]q),
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
		queries[kind] = &prepared{query, rules, compiler, store}
	}
	return queries, nil
}
