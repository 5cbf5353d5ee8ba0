package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// said is what the reconciler wrote about a commit, as its author reads it.
type said string

// judged waits for the verdict on the head of a branch.
func (s *story) judged(ctx context.Context, branch string) (said, error) {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for {
		text, err := s.stage.said(ctx, branch)
		if err != nil {
			return "", err
		}
		switch said(text).outcome() {
		case "passed", "failed":
			return said(text), nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("waiting for the verdict on %s, of which is said %q: %w", branch, said(text).head(3), ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

var summary = regexp.MustCompile(`(?m)^=== check assay\n(\w+): `)

// outcome is of the check that a branch would be protected by.
func (s said) outcome() string {
	if found := summary.FindStringSubmatch(string(s)); found != nil {
		return found[1]
	}
	return ""
}

// remark is one finding of the comment: what it does, and the lines below it.
var (
	remark  = regexp.MustCompile(`(?m)^- \*\*Denies:.*\n(?:  - .*\n)+`)
	rule    = regexp.MustCompile(`(?m)^  - More: assay explain (\S+)$`)
	because = regexp.MustCompile(`(?m)^  - Why: (.*)$`)
	remedy  = regexp.MustCompile(`(?m)^  - What to do: (.*)$`)
)

// attempt is what the words come to, where a rule is expected to deny.
func (s said) attempt(want string) attempt {
	tried := attempt{door: pullRequest, want: want, allowed: s.outcome() == "passed"}
	for _, finding := range remark.FindAllString(string(s), -1) {
		name := first(rule, finding)
		if name == "" || slices.Contains(tried.rules, name) {
			continue
		}
		tried.rules = append(tried.rules, name)
		if name == want {
			tried.told = fmt.Sprintf("%s: %s\n           remedy: %s", name, first(because, finding), first(remedy, finding))
		}
	}
	return tried
}

func first(of *regexp.Regexp, text string) string {
	if found := of.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// head are the first lines of the note.
func (s said) head(lines int) []string {
	all := strings.Split(strings.TrimSpace(string(s)), "\n")
	return all[:min(len(all), lines)]
}
