package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/policies"
)

// why explains rules by a release: those that were asked for, or all that deny it.
func (d *defendant) why(ctx context.Context, w io.Writer, output string, rules []string) error {
	question, err := d.question(ctx)
	if err != nil {
		return err
	}
	court, err := d.court(ctx)
	if err != nil {
		return err
	}
	for _, id := range rules {
		if _, known := court.Explain(id); !known {
			return fmt.Errorf("there is no rule %q\nhint: %s", id, nearest(id, court.Rules()))
		}
		if !strings.HasPrefix(id, "model.") {
			return fmt.Errorf("rule %s is about an object and not about evidence: nothing was measured\nhint: assay explain %s", id, id)
		}
	}
	if len(rules) == 0 {
		verdict, err := court.Judge(ctx, question)
		if err != nil {
			return err
		}
		for _, finding := range verdict.Denials() {
			rules = append(rules, finding.Rule)
		}
	}
	all := []judge.Why{}
	for _, id := range rules {
		one, err := court.Why(ctx, question, id)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	if output == "json" {
		return json.NewEncoder(w).Encode(all)
	}
	return tellWhy(w, question, all)
}

// court is the judge by the shipped rules and the repository's own.
func (d *defendant) court(ctx context.Context) (*judge.Judge, error) {
	trees := []fs.FS{policies.FS}
	own := filepath.Join(d.repository, "policies")
	if info, err := os.Stat(own); err == nil && info.IsDir() {
		trees = append(trees, os.DirFS(own))
	}
	return judge.New(ctx, trees...)
}

func tellWhy(w io.Writer, question judge.Question, all []judge.Why) error {
	fmt.Fprintf(w, "%s in %s, by the limits of %s\n", report.Line(question.Model.Release.String()), report.Line(question.Environment), report.Line(question.Profile))
	if len(all) == 0 {
		fmt.Fprintln(w, "nothing is denied")
	}
	for _, one := range all {
		for _, line := range linesOf(one) {
			if _, err := fmt.Fprintf(w, "%s\n", report.Line(line)); err != nil {
				return err
			}
		}
	}
	return nil
}

// linesOf says what is, what would have passed, and what can be done.
func linesOf(one judge.Why) []string {
	lines := []string{"", one.Rule}
	if one.Finding == nil {
		lines = append(lines, "  met: nothing would have to be different")
		return append(lines, readings(one)...)
	}
	lines = append(lines, fmt.Sprintf("  %-8s %s", one.Finding.Severity, one.Finding.Message))
	lines = append(lines, readings(one)...)
	for _, passes := range one.Passes {
		lines = append(lines, "  passes   when "+passes.String())
	}
	for _, missing := range one.Missing {
		lines = append(lines, fmt.Sprintf("  needs    %s: %s", missing, missing.Method))
	}
	switch {
	case !one.Searched:
		lines = append(lines, "  not everything was tried: there is too much evidence")
	case len(one.Passes) == 0 && len(one.Missing) == 0:
		lines = append(lines, "  no single number would make it pass")
	}
	waiver := "cannot be waived"
	if one.Waivable {
		waiver = "may be waived: assay waive " + one.Rule
	}
	return append(lines, "  remedy   "+one.Finding.Remedy, "  waiver   "+waiver)
}

// maxShown bounds what is told of a rule that reads a whole table.
const maxShown = 12

func readings(one judge.Why) []string {
	var lines []string
	for i, read := range one.Read {
		if i == maxShown {
			lines = append(lines, fmt.Sprintf("  read     and %d more", len(one.Read)-maxShown))
			break
		}
		line := fmt.Sprintf("  read     %s = %s", read, read.Value)
		if read.Low != "" {
			line += fmt.Sprintf(" (%s to %s)", read.Low, read.High)
		}
		lines = append(lines, fmt.Sprintf("%s, n = %d", line, read.N))
	}
	return lines
}
