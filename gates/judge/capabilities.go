package judge

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// capable lists the builtins that a rule may use. It says what may be there, and
// not what may not, so that one which a new OPA brings is out until somebody has
// looked at it. Each is a pure function of its arguments, which makes a verdict
// replayable, and takes time and memory in proportion to them, since some of
// them do not stop when a review's time is over
// (https://github.com/open-policy-agent/opa/issues/8326). So these are out:
// clock, network, chance; what makes a long list of two numbers (numbers.range,
// net.cidr_expand, bits.lsh); what walks graphs and trees (graph.reachable,
// walk); patterns that are not regular expressions (glob.match,
// regex.template_match, regex.globs_match); other languages (yaml, GraphQL,
// JSON schema, templates, Rego itself); keys, certificates and tokens, which
// package evidence verifies.
var capable = []string{
	"assign", "eq", "equal", "gt", "gte", "lt", "lte", "neq", "internal.member_2", "internal.member_3", "internal.template_string",
	"abs", "ceil", "div", "floor", "minus", "mul", "plus", "rem", "round",
	"and", "intersection", "or", "set_diff", "union",
	"all", "any", "count", "max", "min", "product", "sort", "sum",
	"array.concat", "array.flatten", "array.reverse", "array.slice",
	"object.filter", "object.get", "object.keys", "object.remove", "object.subset", "object.union", "object.union_n",
	"concat", "contains", "endswith", "format_int", "indexof", "indexof_n", "lower", "replace", "split", "sprintf", "startswith",
	"strings.any_prefix_match", "strings.any_suffix_match", "strings.count", "strings.reverse", "substring",
	"trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix", "upper",
	"regex.is_valid", "regex.match", "regex.replace", "regex.split",
	"is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "to_number", "type_name",
	"semver.compare", "semver.is_valid",
	"time.add_date", "time.clock", "time.date", "time.diff", "time.format", "time.parse_duration_ns", "time.parse_rfc3339_ns", "time.weekday",
}

// capabilities are what rules are compiled with.
func capabilities() *ast.Capabilities {
	known := ast.CapabilitiesForThisVersion()
	known.AllowNet = []string{}
	known.Builtins = slices.DeleteFunc(known.Builtins, func(builtin *ast.Builtin) bool {
		return builtin.Nondeterministic || !slices.Contains(capable, builtin.Name)
	})
	return known
}
