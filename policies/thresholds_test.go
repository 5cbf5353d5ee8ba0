package policies_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/policies"
)

// limit is an agreed number and the reason that stands beside it.
type limit struct {
	value  any
	reason string
}

// profile holds limits by group and name; what stands outside the groups has
// the group "".
type profile map[string]map[string]limit

// profiles reads thresholds/data.yaml with its comments.
func profiles(t *testing.T) map[string]profile {
	t.Helper()
	content, err := fs.ReadFile(policies.FS, "thresholds/data.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Thresholds struct {
			Profiles map[string]map[string]yaml.Node `yaml:"profiles"`
		} `yaml:"thresholds"`
	}
	if err := yaml.Unmarshal(content, &document); err != nil {
		t.Fatal(err)
	}
	read := map[string]profile{}
	for name, groups := range document.Thresholds.Profiles {
		read[name] = profile{"": {}}
		for group, node := range groups {
			if node.Kind == yaml.ScalarNode {
				read[name][""][group] = scalar(t, &node)
				continue
			}
			read[name][group] = map[string]limit{}
			for i := 0; i < len(node.Content); i += 2 {
				read[name][group][node.Content[i].Value] = scalar(t, node.Content[i+1])
			}
		}
	}
	return read
}

func scalar(t *testing.T, node *yaml.Node) limit {
	t.Helper()
	read := limit{reason: strings.TrimSpace(strings.TrimPrefix(node.LineComment, "#"))}
	if err := node.Decode(&read.value); err != nil {
		t.Fatal(err)
	}
	return read
}

// plain is the data as rules see it.
func plain(read map[string]profile) map[string]any {
	data := map[string]any{}
	for name, groups := range read {
		document := map[string]any{}
		for group, limits := range groups {
			into := document
			if group != "" {
				into = map[string]any{}
				document[group] = into
			}
			for key, limit := range limits {
				into[key] = limit.value
			}
		}
		data[name] = document
	}
	return data
}

// limitsOf lists the group.name of every threshold that a rule reads, as
// lib.limits.bias.auroc_gap_max or through a name it gave to a group.
func limitsOf(module *ast.Module) []string {
	groups := map[string]string{}
	for _, rule := range module.Rules {
		if rule.Head.Value == nil {
			continue // a set: it holds what is found, not a limit
		}
		if ref, is := rule.Head.Value.Value.(ast.Ref); is && isLimits(ref) && len(ref) == 3 {
			groups[rule.Head.Name.String()] = text(ref[2])
		}
	}
	var found []string
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		switch group, named := groups[text(ref[0])]; {
		case isLimits(ref) && len(ref) == 4:
			found = append(found, text(ref[2])+"."+text(ref[3]))
		case text(ref[0]) == "limits" && len(ref) == 3: // within lib
			found = append(found, text(ref[1])+"."+text(ref[2]))
		case named && len(ref) == 2:
			found = append(found, group+"."+text(ref[1]))
		}
		return false
	})
	slices.Sort(found)
	return slices.Compact(found)
}

func isLimits(ref ast.Ref) bool {
	return len(ref) > 2 && text(ref[0]) == "lib" && text(ref[1]) == "limits"
}

func text(term *ast.Term) string {
	switch value := term.Value.(type) {
	case ast.Var:
		return string(value)
	case ast.String:
		return string(value)
	}
	return ""
}

func TestEveryThresholdStandsInEveryProfileAndIsReadByARule(t *testing.T) {
	files, read := sources(t), map[string]bool{}
	all := profiles(t)
	for _, name := range slices.Concat(ruleFiles(files), libFiles(files)) {
		for _, limit := range limitsOf(parse(t, name, files[name])) {
			read[limit] = true
			group, key, _ := strings.Cut(limit, ".")
			for profile, groups := range all {
				if _, agreed := groups[group][key]; !agreed {
					t.Errorf("%s reads %s, on which %s does not agree", name, limit, profile)
				}
			}
		}
	}
	for profile, groups := range all {
		for group, limits := range groups {
			for key := range limits {
				if group != "" && !read[group+"."+key] {
					t.Errorf("%s: no rule reads %s.%s: it is a limit that nobody keeps", profile, group, key)
				}
			}
		}
		if groups[""]["on_inconclusive"].value == nil {
			t.Errorf("%s does not say what an inconclusive rule does", profile)
		}
	}
}

// Numbers that a rule may hold beside 0 and 1, which say none, one, no and yes.
var numbersInRules = map[string]string{
	"model.dataset.freshness -2":       "a day that is today somewhere begins up to 14 hours before and ends up to 12 hours after that of UTC",
	"model.security.database_fresh -1": "a clock may be wrong by as much as a day, in whatever place",
	"model.security.exploitability -1": "a clock may be wrong by as much as a day, in whatever place",
	"model.security.exploitability 5":  "how many are named in the message",
	"model.security.licences 5":        "how many are named in the message",
	"model.security.training_image 5":  "how many are named in the message",
	"model.security.scanners -1":       "a clock may be wrong by as much as a day, in whatever place",
	"model.security.vulnerabilities 5": "how many are named in the message",
}

func TestNumbersThatWereAgreedStandInTheThresholds(t *testing.T) {
	files, seen := sources(t), map[string]bool{}
	for _, name := range ruleFiles(files) {
		ast.WalkExprs(parse(t, name, files[name]), func(expr *ast.Expr) bool {
			if !compares(expr) {
				return false
			}
			for _, term := range expr.Operands() {
				number, is := term.Value.(ast.Number)
				where := id(name) + " " + string(number)
				if seen[where] = true; is && number != "0" && number != "1" && numbersInRules[where] == "" {
					t.Errorf("%s compares with %s: agree on it in thresholds/data.yaml", term.Location, number)
				}
			}
			return false
		})
	}
	for where := range numbersInRules {
		if !seen[where] {
			t.Errorf("no rule holds %s any more", where)
		}
	}
}

func compares(expr *ast.Expr) bool {
	return expr.IsCall() && slices.Contains([]string{"gt", "gte", "lt", "lte", "equal", "neq"}, expr.Operator().String())
}
