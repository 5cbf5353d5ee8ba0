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

// pureCapabilities leaves out every builtin whose answer is not a function of
// its arguments (clock, network, randomness): a verdict must be replayable.
func pureCapabilities() *ast.Capabilities {
	capabilities := ast.CapabilitiesForThisVersion()
	capabilities.AllowNet = []string{}
	capabilities.Builtins = slices.DeleteFunc(capabilities.Builtins, func(builtin *ast.Builtin) bool {
		return builtin.Nondeterministic || builtin.Name == "print" || builtin.Name == "trace"
	})
	return capabilities
}

// mainModule names each rule's document directly. Composing over
// data.model[gate][rule] would materialise every document of every rule: six
// times the cost (docs/architecture.md, "What a rule costs").
//
// state has one entry for every rule that took part; Go refuses an answer in
// which one is missing.
func mainModule(kind string, rules []rule) string {
	var text strings.Builder
	fmt.Fprintf(&text, "package assay.%s\n\n", kind)
	for _, rule := range rules {
		document := "data." + rule.id
		fmt.Fprintf(&text, "state[%q] := \"satisfied\" if %s.satisfied == true\n\n", rule.id, document)
		fmt.Fprintf(&text, "state[%q] := \"unsatisfied\" if not %s.satisfied == true\n\n", rule.id, document)
		fmt.Fprintf(&text, "inconclusive contains %q if {\n\tnot %s.satisfied == true\n\t%s.inconclusive == true\n}\n\n", rule.id, document, document)
		fmt.Fprintf(&text, "message[%q] := %s.message if not %s.satisfied == true\n\n", rule.id, document, document)
	}
	text.WriteString("tolerant if data.thresholds.profiles[input.profile].on_inconclusive == \"warn\"\n")
	return text.String()
}

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
	compiler := ast.NewCompiler().WithStrict(true).WithCapabilities(pureCapabilities())
	if compiler.Compile(modules); compiler.Failed() {
		return nil, fmt.Errorf("compiling policies: %w", compiler.Errors)
	}
	store := inmem.NewFromObjectWithOpts(loaded.data, inmem.OptRoundTripOnWrite(true), inmem.OptReturnASTValuesOnRead(true))
	queries := map[string]*prepared{}
	for kind, rules := range byKind {
		query, err := rego.New(
			rego.Query("data.assay."+kind), rego.Compiler(compiler), rego.Store(store),
			rego.StrictBuiltinErrors(false),
		).PrepareForEval(ctx)
		if err != nil {
			return nil, fmt.Errorf("preparing the %s rules: %w", kind, err)
		}
		queries[kind] = &prepared{query: query, rules: rules}
	}
	return queries, nil
}
