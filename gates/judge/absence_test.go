package judge_test

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// mayBeAbsent are the measurements that a rule reads and can do without, and why.
var mayBeAbsent = map[string]string{
	"model.dataset.missingness required_missing":     "not every contract requires a value",
	"model.dataset.schema domain_violations":         "not every contract lists values",
	"model.dataset.schema range_violations":          "not every contract has ranges",
	"model.dataset.units ks_p_holm":                  "asked only of medians that are far apart",
	"model.performance.horizon_accuracy horizons":    "who tells the number at a horizon has one",
	"model.performance.horizon_calibration horizons": "who tells the number at a horizon has one",
}

// story is the evidence of a model that meets the rules which its kind is asked.
type story struct {
	task     string
	measured map[string][]evidence.Measurement
}

// stories are those of passing, and what a model of another kind has instead.
func stories() map[string]story {
	challenger := passing()
	challenger["performance"] = append(slices.DeleteFunc(challenger["performance"], called("champions")), number("champions", 1),
		interval("auroc_difference", -0.01, 0, 0.01), interval("sensitivity_difference", -0.01, 0, 0.01))
	challenger["bias"] = append(slices.DeleteFunc(challenger["bias"], called("champions")), number("champions", 1),
		about("sex", interval("worst_sensitivity_change", -0.01, 0, 0.01)))
	survival := passing()
	survival["dataset"] = append(survival["dataset"], number("negative_times", 0))
	survival["performance"] = append(survival["performance"], interval("c_index", 0.8, 0.85, 0.9), number("horizons", 1),
		interval("oe_ratio_at_horizon", 0.95, 1, 1.05), interval("scaled_brier_at_horizon", 0.3, 0.4, 0.5))
	survival["bias"] = append(slices.DeleteFunc(survival["bias"], called("auroc_gap")), about("sex", interval("c_index_gap", 0, 0.01, 0.03)))
	promised := passing()
	promised["dataset"] = append(promised["dataset"], about("radius", number("range_violations", 0)),
		about("site", number("domain_violations", 0)), about("site", number("required_missing", 0)))
	words := passing()
	words["dataset"] = append(slices.DeleteFunc(words["dataset"], called("leakage_auroc")),
		about("site", number("leakage_purity", 0.995)), about("site", number("leakage_purity_baseline", 0.99)))
	limited, determined, urgent := passing(), passing(), passing()
	limited["compliance"] = append(slices.DeleteFunc(limited["compliance"], called("deidentification")), about("limited_dataset", number("deidentification", 1)))
	determined["compliance"] = append(slices.DeleteFunc(determined["compliance"], called("deidentification")),
		about("expert_determination", number("deidentification", 1)), number("expert_report", 1), number("expert_expires", float64(now.AddDate(1, 0, 0).Unix())))
	yesterday := float64(now.AddDate(0, 0, -1).Unix())
	urgent["compliance"] = append(slices.DeleteFunc(urgent["compliance"], called("emergency")), number("emergency", 1),
		number("emergency_declared", yesterday), number("emergency_review", 1), number("emergency_reviewed", yesterday))
	return map[string]story{
		"a limited data set": {"binary", limited}, "data that an expert has looked at": {"binary", determined}, "an emergency": {"binary", urgent},
		"a first model": {"binary", passing()}, "a challenger": {"binary", challenger},
		"a survival model": {"survival", survival}, "a model of words": {"binary", words}, "a contract of many promises": {"binary", promised},
	}
}

func called(name string) func(evidence.Measurement) bool {
	return func(m evidence.Measurement) bool { return m.Name == name }
}

// Taking a measurement away that a rule reads must leave the rule unsatisfied:
// what nobody measured is not in order.
func TestNoRuleIsSatisfiedByAbsence(t *testing.T) {
	court, read := newJudge(t), namesIn(t)
	depends, unmoved := map[string]bool{}, map[string]bool{}
	for _, told := range stories() {
		before := unsatisfied(t, court, told)
		for gate, measured := range told.measured {
			for _, name := range namesOf(measured) {
				after := unsatisfied(t, court, told.without(gate, name))
				for rule, names := range read {
					switch about := strings.HasPrefix(rule, "model."+gate+".") || names[gate]; {
					case before[rule] || !about || !names[name]:
					case after[rule]:
						depends[rule], depends[rule+" "+name] = true, true
					default:
						unmoved[rule+" "+name] = true
					}
				}
			}
		}
	}
	for rule := range read {
		if !depends[rule] {
			t.Errorf("%s: no story has evidence that it depends on", rule)
		}
	}
	compare(t, depends, unmoved)
}

func (s story) without(gate, name string) story {
	measured := maps.Clone(s.measured)
	measured[gate] = slices.DeleteFunc(slices.Clone(measured[gate]), called(name))
	return story{s.task, measured}
}

// compare holds what was found against the exceptions. What a rule can do
// without in one story may be what it depends on in another.
func compare(t *testing.T, depends, unmoved map[string]bool) {
	t.Helper()
	for _, pair := range slices.Sorted(maps.Keys(unmoved)) {
		if !depends[pair] && mayBeAbsent[pair] == "" {
			t.Errorf("%s: satisfied without it", pair)
		}
	}
	for pair := range mayBeAbsent {
		if depends[pair] || !unmoved[pair] {
			t.Errorf("%s: the rule cannot do without it, or does not read it: strike the exception", pair)
		}
	}
}

// unsatisfied are the rules that the evidence of a story does not meet.
func unsatisfied(t *testing.T, court *judge.Judge, told story) map[string]bool {
	t.Helper()
	question := ask(told.measured)
	for _, statement := range question.Model.Evidence.Statements {
		if statement.Measurements != nil {
			statement.Measurements.Model.Task = told.task
		}
	}
	verdict, err := court.Judge(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]bool{}
	for _, found := range verdict.Findings {
		rules[found.Rule] = true
	}
	return rules
}

func namesOf(measured []evidence.Measurement) []string {
	var names []string
	for _, m := range measured {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// namesIn lists the texts that stand in each rule about what a gate measured;
// the names of measurements are among them.
func namesIn(t *testing.T) map[string]map[string]bool {
	t.Helper()
	read := map[string]map[string]bool{}
	for _, gate := range gates.Names() {
		files, err := fs.Glob(policies.FS, "model/"+gate+"/*/*.rego")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.rego") {
				continue
			}
			text, err := fs.ReadFile(policies.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			names := map[string]bool{}
			ast.WalkTerms(ast.MustParseModule(string(text)), func(term *ast.Term) bool {
				if name, is := term.Value.(ast.String); is {
					names[string(name)] = true
				}
				return false
			})
			read[strings.ReplaceAll(path.Dir(file), "/", ".")] = names
		}
	}
	return read
}
