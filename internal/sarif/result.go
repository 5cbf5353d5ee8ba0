package sarif

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// count takes the results of a run in, the worst first.
func (r *Report) count(one run) error {
	overridden := slices.ContainsFunc(one.Invocations, func(i invocation) bool { return len(i.Overrides) > 0 })
	rules := newCatalogue(one.Tool)
	for i, found := range *one.Results {
		described, err := rules.ruleOf(found)
		if err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
		level, err := found.levelBy(described)
		switch {
		case err != nil:
			return fmt.Errorf("result %d: %w", i, err)
		case overridden && found.Level == "":
			return errors.New("rules are configured by overrides, and results do not say their level")
		case level == "":
			continue
		case found.accepted():
			r.Scan.Suppressed++
			continue
		}
		r.list(one.told(found, described, level))
	}
	return nil
}

func (r *Report) list(found evidence.ScanResult) {
	switch found.Level {
	case "error":
		r.Scan.Errors++
	case "warning":
		r.Scan.Warnings++
	default:
		r.Scan.Notes++
	}
	worse := func(a, b evidence.ScanResult) int {
		return cmp.Compare(slices.Index(evidence.ScanLevels(), a.Level), slices.Index(evidence.ScanLevels(), b.Level))
	}
	at, _ := slices.BinarySearchFunc(r.Scan.Results, found, func(a, b evidence.ScanResult) int {
		return cmp.Or(worse(a, b), -1) // behind those of its level: they keep the order of the file
	})
	if at < evidence.MaxScanResults {
		r.Scan.Results = slices.Insert(r.Scan.Results, at, found)
		r.Scan.Results = r.Scan.Results[:min(len(r.Scan.Results), evidence.MaxScanResults)]
	}
}

// levelBy is the level of a result that counts, by 3.27.9 and 3.27.10; empty
// when it says that all is well, or what was there once. A result that asks for
// a person (kinds open and review) is a note at the least.
func (f result) levelBy(described rule) (string, error) {
	level := f.Level
	switch f.Kind {
	case "", "fail":
		level = cmp.Or(level, described.Default.Level, "warning")
	case "open", "review":
		level = cmp.Or(level, "none")
	case "pass", "notApplicable", "informational":
		return "", nil
	default:
		return "", fmt.Errorf("%.40q is no kind of a result", f.Kind)
	}
	switch level {
	case "error", "warning", "note", "none":
	default:
		return "", fmt.Errorf("%.40q is no level", level)
	}
	switch {
	case f.Baseline == "absent":
		return "", nil
	case level == "none":
		return "note", nil
	}
	return level, nil
}

// catalogue finds the rules of a run's tool: by component (-1 is the driver),
// then by id.
type catalogue struct {
	tool tool
	byID map[int]map[string]rule
}

func newCatalogue(described tool) catalogue {
	index := func(rules []rule) map[string]rule {
		byID := map[string]rule{}
		for _, one := range slices.Backward(rules) { // of two, the first counts
			byID[one.ID] = one
		}
		return byID
	}
	found := catalogue{described, map[int]map[string]rule{-1: index(described.Driver.Rules)}}
	for i, extension := range described.Extensions {
		found.byID[i] = index(extension.Rules)
	}
	return found
}

// ruleOf is the description of the rule that found a result, and empty where
// there is none (3.27.5 to 3.27.7). The last part of a hierarchical id is the
// result's own.
func (c catalogue) ruleOf(found result) (rule, error) {
	component, rules := -1, c.tool.Driver.Rules
	if at := found.Rule.Component.Index; at != nil && *at != -1 {
		if *at < 0 || *at >= len(c.tool.Extensions) {
			return rule{}, errors.New("its rule is of an extension that is not there")
		}
		component, rules = *at, c.tool.Extensions[*at].Rules
	}
	at := found.RuleIndex
	if at == nil {
		at = found.Rule.Index
	}
	if at != nil && *at != -1 {
		if *at < 0 || *at >= len(rules) {
			return rule{}, errors.New("its rule is not there")
		}
		return rules[*at], nil
	}
	id := found.id()
	if one, described := c.byID[component][id]; described {
		return one, nil
	}
	return c.byID[component][id[:max(strings.LastIndex(id, "/"), 0)]], nil
}

func (f result) id() string { return cmp.Or(f.RuleID, f.Rule.ID) }

// accepted holds when somebody has accepted the result, and nobody has said
// otherwise (3.27.23). A suppression without a status is an accepted one.
func (f result) accepted() bool {
	for _, one := range f.Suppressions {
		if one.Status != "" && one.Status != "accepted" {
			return false
		}
	}
	return len(f.Suppressions) > 0
}

func (r run) told(found result, described rule, level string) evidence.ScanResult {
	told := evidence.ScanResult{Rule: evidence.Line(cmp.Or(found.id(), described.ID)), Level: level}
	if len(found.Locations) == 0 {
		return told
	}
	place := found.Locations[0].Physical
	uri := place.Artifact.URI
	if at := place.Artifact.Index; uri == "" && at != nil && *at >= 0 && *at < len(r.Artifacts) {
		uri = r.Artifacts[*at].Location.URI
	}
	told.Path, told.Line = pathOf(uri), max(place.Region.Line, 0)
	return told
}

// pathOf is the path within the repository of a URI as scanners write it:
// relative, or after file:///.
func pathOf(uri string) string {
	uri = strings.TrimPrefix(uri, "file://")
	if path, err := url.PathUnescape(uri); err == nil {
		uri = path
	}
	return evidence.Line(strings.TrimLeft(uri, "/"))
}

// toolOf is the name that policies use: one for the products of one scanner.
func toolOf(name string) string {
	name = strings.ToLower(name)
	for _, known := range []struct{ begins, tool string }{
		{"semgrep", "semgrep"}, {"sonar", "sonarqube"}, {"snyk", "snyk"}, {"gitleaks", "gitleaks"}, {"trufflehog", "trufflehog"},
	} {
		if strings.HasPrefix(name, known.begins) {
			return known.tool
		}
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, name)
	return strings.TrimLeft(name[:min(len(name), 64)], "-._")
}
