package judge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Every builtin that is listed exists: a misspelt one would be out by mistake.
func TestWhatRulesMayUseExists(t *testing.T) {
	if got := len(capabilities().Builtins); got != len(capable) {
		t.Errorf("%d builtins are there, %d are listed", got, len(capable))
	}
	if seen := slices.Compact(slices.Sorted(slices.Values(capable))); len(seen) != len(capable) {
		t.Error("one is listed twice")
	}
}

// A rule that asks for anything else does not compile: neither what is not a
// function of its arguments, nor what may take for ever, nor what may fill the
// memory.
func TestARuleIsPureAndBounded(t *testing.T) {
	refused := map[string]string{
		"the clock":                `time.now_ns() > 0`,
		"the network":              `http.send({"method": "get", "url": "http://x"}).status_code == 200`,
		"a name server":            `count(net.lookup_ip_addr("x")) > 0`,
		"chance":                   `rand.intn("x", 9) > 0`,
		"a name of chance":         `uuid.rfc4122("x") != ""`,
		"the process":              `opa.runtime().env.HOME != ""`,
		"a schema from elsewhere":  `json.match_schema({}, {"$ref": "http://x"})[0]`,
		"a key":                    `io.jwt.encode_sign({}, {}, {}) != ""`,
		"a certificate":            `count(crypto.x509.parse_certificates("x")) > 0`,
		"a hash":                   `crypto.sha256("x") != ""`,
		"a list of a billion":      `count(numbers.range(1, 1000000000)) > 0`,
		"a list in steps":          `count(numbers.range_step(1, 1000000000, 1)) > 0`,
		"every address of a block": `count(net.cidr_expand("10.0.0.0/8")) > 0`,
		"a number of many digits":  `bits.lsh(1, 1000000000) > 0`,
		"every path of a graph":    `count(graph.reachable_paths({}, {"a"})) > 0`,
		"every node of a graph":    `count(graph.reachable({}, {"a"})) > 0`,
		"every leaf of a tree":     `count([x | walk(input, [_, x])]) > 0`,
		"patterns in a pattern":    `regex.template_match("urn:{.*}", "urn:x", "{", "}")`,
		"two patterns at once":     `regex.globs_match("a.*", "a.*b")`,
		"every match of a pattern": `count(regex.find_n("a", "aa", -1)) > 0`,
		"a glob":                   `glob.match("*", [], "x")`,
		"another language":         `graphql.is_valid("{a}", "type Q { a: Int }")`,
		"a template":               `strings.render_template("{{.}}", {}) != ""`,
		"YAML and its aliases":     `yaml.unmarshal("a: 1").a == 1`,
		"rules as text":            `rego.parse_module("a", "package a").package != null`,
		"what a tracer would read": `trace("x")`,
	}
	for claim, body := range refused {
		if err := compiles(body); err == nil || !strings.Contains(err.Error(), "undefined function") {
			t.Errorf("%s: %s compiles, or fails otherwise: %v", claim, body, err)
		}
	}
	if err := compiles(`regex.match("^a$", input.x)`); err != nil {
		t.Error(err)
	}
}

// What OPA itself says is not a function of its arguments stays out, whatever
// the list says.
func TestNothingListedIsNondeterministic(t *testing.T) {
	for _, builtin := range ast.CapabilitiesForThisVersion().Builtins {
		if builtin.Nondeterministic && slices.Contains(capable, builtin.Name) {
			t.Errorf("%s is listed", builtin.Name)
		}
	}
}

func compiles(body string) error {
	text := fmt.Sprintf("package a\n\nsatisfied if { %s }\n", body)
	module, err := ast.ParseModuleWithOpts("a.rego", text, ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: capabilities()})
	if err != nil {
		return err
	}
	compiler := ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities())
	if compiler.Compile(map[string]*ast.Module{"a.rego": module}); compiler.Failed() {
		return compiler.Errors
	}
	return nil
}
