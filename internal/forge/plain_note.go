package forge

import (
	"context"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
)

// outcomes in a note, for people.
var outcomes = words{Undecided: "undecided", Pending: "pending", Failed: "failed", Passed: "passed", Unaffected: "unaffected"}

// Report writes a section of the commit's note for each check.
func (p *plain) Report(ctx context.Context, commit string, checks []Check) error {
	return p.report(ctx, commit, checks, whatever)
}

// Announce writes the section if there is none.
func (p *plain) Announce(ctx context.Context, commit string, check Check) error {
	return p.report(ctx, commit, []Check{check}, missing)
}

// Suspend writes over a section that passes.
func (p *plain) Suspend(ctx context.Context, commit string, checks []Check) error {
	return p.report(ctx, commit, checks, passing)
}

func (p *plain) report(ctx context.Context, commit string, checks []Check, over replaces) error {
	if err := validate(commit, checks); err != nil {
		return err
	}
	sections := map[string]string{}
	for _, check := range checks {
		var told strings.Builder
		fmt.Fprintf(&told, "%s: %s\n", outcomes[check.Outcome], clip(check.Title, maxTitle))
		for _, line := range []string{check.Link, fit(check.Text, check.Link, maxText)} {
			if line != "" {
				told.WriteString(line + "\n")
			}
		}
		for _, remark := range check.Annotations[:min(len(check.Annotations), maxAnnotations)] {
			fmt.Fprintf(&told, "%s:%d: %s\n", remark.Path, remark.Line, remark.Message)
		}
		sections["check "+check.Name] = told.String()
	}
	return p.note(ctx, commit, sections, over)
}

// Comment writes a section of the note of the branch's tip.
func (p *plain) Comment(ctx context.Context, number int64, comment Comment) error {
	body, err := comment.body()
	if err != nil {
		return err
	}
	pull, err := p.Get(ctx, number)
	if err != nil {
		return err
	}
	return p.note(ctx, pull.Head, map[string]string{"comment " + comment.Key: strings.TrimPrefix(body, marker(comment.Key))},
		func(stands, _ bool) bool { return stands || !comment.Quiet })
}

func (p *plain) note(ctx context.Context, commit string, sections map[string]string, over replaces) error {
	before, err := p.git.Note(ctx, commit)
	if err != nil {
		return fmt.Errorf("reading the note of %s: %w", commit, err)
	}
	maps.DeleteFunc(sections, func(name, _ string) bool {
		_, there, stands := strings.Cut("\n"+before, "\n"+fence+name+"\n")
		passes := strings.HasPrefix(there, outcomes[Passed]+":") || strings.HasPrefix(there, outcomes[Unaffected]+":")
		return !over(stands, passes)
	})
	after := withSections(before, sections)
	if after == before {
		return nil
	}
	if err := p.git.SetNote(ctx, commit, after); err != nil {
		return fmt.Errorf("writing the note of %s: %w", commit, err)
	}
	return nil
}

const fence = "=== "

// withSections replaces sections of a note. What stands before the first
// section is somebody else's and stays.
func withSections(note string, sections map[string]string) string {
	head, all := "", map[string]string{}
	key := ""
	for line := range strings.Lines(note) {
		name, opens := strings.CutPrefix(line, fence)
		switch {
		case opens:
			key = strings.TrimRight(name, "\n")
			all[key] = ""
		case key == "":
			head += line
		default:
			all[key] += line
		}
	}
	for name, text := range sections {
		text = strings.TrimRight(legible(unix(text)), "\n") + "\n"
		text = strings.ReplaceAll("\n"+text, "\n"+fence, "\n "+fence)[1:] // a line of the text opens no section
		all[strings.Map(oneLine, name)] = text
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		head += fence + name + "\n" + all[name]
	}
	return head
}

// legible takes back what keeps Markdown from reading text as markup, once: a
// note is read in a terminal, and names are copied from it.
func legible(text string) string {
	const joiner = "\u2060" // keeps @ from calling somebody
	return strings.ReplaceAll(html.UnescapeString(text), joiner, "")
}

func oneLine(c rune) rune {
	if c < ' ' {
		return ' '
	}
	return c
}
