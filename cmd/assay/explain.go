package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

func newExplain() *cobra.Command {
	var about defendant
	var why bool
	command := &cobra.Command{
		Use:   "explain [RULE]",
		Short: "Say what a rule asks, why, and what to do about it",
		Long: `Say what a rule asks, which clause it stands on, what its author can do, and how
it is written. Without a rule, list them all.

With --why and a release, say what the rule read of its evidence and which number
alone would have let it pass; without a rule, so for all that deny the release. The
rule itself is asked, with one number changed at a time. Evidence is believed by the
keys that assay.yaml trusts.`,
		Example: `  assay explain
  assay explain model.bias.equal_opportunity
  git show env/staging:breast-malignancy/release.yaml >release.yaml
  assay explain --why model.bias.equal_opportunity --release release.yaml
  assay explain --why --release registry.example.org/assay/models/breast-malignancy@sha256:0123... --environment staging
  assay explain --why --model breast-malignancy --environment staging
  assay explain --why --cluster sha256:0123... --environment staging`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(command *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			court, err := judge.New(command.Context(), policies.FS)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return court.Rules(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	output := outputFlag(command)
	command.Flags().BoolVar(&why, "why", false, "say what would have passed, of a release")
	about.flags(command)
	command.RunE = func(command *cobra.Command, arguments []string) error {
		if why {
			return about.why(command.Context(), command.OutOrStdout(), *output, arguments)
		}
		court, err := judge.New(command.Context(), policies.FS)
		if err != nil {
			return err
		}
		return tellRules(command.OutOrStdout(), *output, court, arguments)
	}
	return command
}

// tellRules explains the rule that was asked for, or lists them all.
func tellRules(w io.Writer, output string, court *judge.Judge, asked []string) error {
	ids := court.Rules()
	if len(asked) == 1 {
		ids = asked
	}
	var rules []gates.Finding
	for _, id := range ids {
		rule, known := court.Explain(id)
		if !known {
			return fmt.Errorf("there is no rule %q\nhint: %s", id, nearest(id, court.Rules()))
		}
		rules = append(rules, rule)
	}
	if output == "json" {
		return json.NewEncoder(w).Encode(rules)
	}
	if len(asked) == 0 {
		return list(w, rules, court.PolicyDigest())
	}
	return explain(w, rules[0])
}

func list(w io.Writer, rules []gates.Finding, policy string) error {
	for _, rule := range rules {
		if _, err := fmt.Fprintf(w, "%-42s %s\n", rule.Rule, rule.Title); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\n%d rules, policy %s\n", len(rules), policy)
	return err
}

func explain(w io.Writer, rule gates.Finding) error {
	folder := strings.ReplaceAll(rule.Rule, ".", "/")
	source, err := fs.ReadFile(policies.FS, path.Join(folder, path.Base(folder)+".rego"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n%s\n\nseverity: %s\nclause: %s\nremedy: %s\n\nlimits: policies/thresholds/data.yaml\nrule:   policies/%s\n\n%s",
		rule.Rule, rule.Title, rule.Severity, rule.Clause, rule.Remedy, folder, source)
	return err
}

// enough of a word, in bytes, to take it for a slip of the pen.
const enough = 3

// nearest suggests the rule that shares the longest piece with what was typed,
// and some of its last word.
func nearest(typed string, rules []string) string {
	last := typed[strings.LastIndex(typed, ".")+1:]
	best, most := "", 0
	for _, id := range rules {
		if alike := shared(typed, id); alike > most && shared(last, id) >= enough {
			best, most = id, alike
		}
	}
	if best == "" {
		return "assay explain lists all rules"
	}
	return "did you mean " + best + "?"
}

// shared is the length of the longest piece that stands in both texts.
func shared(a, b string) int {
	longest := 0
	for from := range a {
		for to := from + longest + 1; to <= len(a) && strings.Contains(b, a[from:to]); to++ {
			longest = to - from
		}
	}
	return longest
}
