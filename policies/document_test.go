package policies_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

const documentPath = "../docs/rules.md"

const preface = `# Rules

Each rule states what must be true before a model may serve. What is missing, malformed or contradictory satisfies no
rule: doubt closes the door. A rule that is marked *may be inconclusive* compares an interval, not a point; when the
interval holds the limit, more patients would settle it, and until then the environment's profile says what happens:
%s. A rule of severity *warn* is told and keeps no door shut, unless its evidence is missing.
Nothing softens an *absolute* one: no waiver, no break-glass, no mode of a cluster that only warns.

The limits stand in [policies/thresholds/data.yaml](../policies/thresholds/data.yaml). A promotion repository may tighten
them and add rules of its own; it can neither loosen nor replace.

Generated from the rules' own metadata: ` + "`go test ./policies -update`" + ` rewrites this page.
`

// description is what a rule's metadata says.
type description struct{ title, clause, remedy, severity, control string }

func described(module *ast.Module) description {
	about := description{severity: "deny"}
	for _, annotation := range module.Annotations {
		if annotation.Scope == "package" {
			about.title = annotation.Title
			about.clause, _ = annotation.Custom["clause"].(string)
			about.remedy, _ = annotation.Custom["remedy"].(string)
			about.control, _ = annotation.Custom["control"].(string)
			if said, given := annotation.Custom["severity"].(string); given {
				about.severity = said
			}
			if annotation.Custom["absolute"] == true {
				about.severity += ", absolute"
			}
		}
	}
	return about
}

// inOrder lists the profiles from the loosest to the strictest; the middle of a
// page of numbers is easier to read when they only ever tighten.
var inOrder = []string{"development", "staging", "production"}

func document(t *testing.T) []byte {
	files, agreed := sources(t), profiles(t)
	var unsettled []string
	for _, profile := range inOrder {
		unsettled = append(unsettled, fmt.Sprintf("%s: %v", profile, agreed[profile][""]["on_inconclusive"].value))
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, preface, strings.Join(unsettled, ", "))
	chapter := ""
	for _, name := range ruleFiles(files) {
		rule := id(name)
		if folder := rule[:strings.LastIndex(rule, ".")]; folder != chapter {
			chapter = folder
			fmt.Fprintf(&page, "\n## %s\n", chapter)
		}
		module := parse(t, name, files[name])
		about := described(module)
		fmt.Fprintf(&page, "\n### %s\n\n%s.", rule, about.title)
		if states(module, "inconclusive") {
			page.WriteString(" *May be inconclusive.*")
		}
		fmt.Fprintf(&page, "\n\n- Severity: %s\n- Clause: %s\n- Remedy: %s\n", about.severity, about.clause, strings.ReplaceAll(about.remedy, "<", `\<`)) // or a page would hide <name> as a tag
		page.WriteString(table(limitsOf(module), agreed))
	}
	return page.Bytes()
}

// table shows the limits of a rule in each profile, and why they are what they
// are: the comment beside the number.
func table(limits []string, agreed map[string]profile) string {
	if len(limits) == 0 {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "\n| threshold | %s | reason |\n|---|%s---|\n", strings.Join(inOrder, " | "), strings.Repeat("---:|", len(inOrder)))
	for _, name := range limits {
		group, key, _ := strings.Cut(name, ".")
		var values, reasons []string
		for _, profile := range inOrder {
			limit := agreed[profile][group][key]
			values = append(values, fmt.Sprint(limit.value))
			if limit.reason != "" && !slices.Contains(reasons, limit.reason) {
				reasons = append(reasons, limit.reason)
			}
		}
		fmt.Fprintf(&text, "| `%s` | %s | %s |\n", name, strings.Join(values, " | "), strings.Join(reasons, "; "))
	}
	return text.String()
}

func TestThePageOfRulesIsWhatTheRulesSay(t *testing.T) {
	want := document(t)
	if *update {
		if err := os.WriteFile(documentPath, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the rules; -update rewrites it", documentPath)
	}
}

func TestEveryProfileIsOnThePage(t *testing.T) {
	for name := range profiles(t) {
		if !slices.Contains(inOrder, name) {
			t.Errorf("profile %s is not on the page of rules", name)
		}
	}
}
