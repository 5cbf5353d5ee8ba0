package conversation

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// summary is the name of the check that a branch is protected by. Those of the
// gates are named after it.
const summary = "assay"

// key tells our comment apart from others of the same login.
const key = "verdict"

var pending = forge.Check{Name: summary, Outcome: forge.Pending, Title: "is being judged"}

// all is the same word for the summary and for every gate.
func all(word forge.Check) []forge.Check {
	checks := []forge.Check{word}
	for _, gate := range report.Gates() {
		word.Name = summary + "/" + gate
		checks = append(checks, word)
	}
	return checks
}

// undecided are the gates where there is no verdict any more.
var undecided = all(forge.Check{Name: summary, Outcome: forge.Undecided, Title: "could not be judged"})[1:]

// unaffected says nothing on a pull request that promotes nothing, but for what
// was said of it before.
func unaffected(pull forge.PullRequest) plan {
	const title = "no promotion is affected by this change"
	return plan{
		checks:  []forge.Check{{Name: summary, Outcome: forge.Unaffected, Title: title}},
		comment: &forge.Comment{Key: key, Text: "## Assay: " + title + "\n\n" + about(pull), Quiet: true},
	}
}

// foreign asks for a person's word before anything of a fork is read.
func foreign(pull forge.PullRequest, given consent) plan {
	title := "waits for a person who may write here: it comes from a fork"
	text := "## Assay: this change waits for a person\n\nCommit " + report.Plain(pull.Head) + "\n\n" +
		"It comes from a fork, so nothing of it was read or run. Somebody who may write to this repository, and has read it, has this commit judged by a comment:\n\n" +
		"    " + command + " " + pull.Head + "\n\n" +
		"Where the forge says which commit a review is of, a review that approves this one will do. Another commit needs another word.\n"
	if given.unasked {
		text += "\n> The credential of Assay may not ask who may write here, so nobody's word counts: its owner has to let it.\n"
	}
	return plan{
		checks:    []forge.Check{{Name: summary, Outcome: forge.Undecided, Title: title}},
		overtaken: undecided,
		comment:   &forge.Comment{Key: key, Text: text},
	}
}

// stopped says why there is no verdict. What the author has to mend has failed;
// anything else is tried again.
func stopped(pull forge.PullRequest, failure error) plan {
	text := "## Assay: this change could not be judged\n\n" + about(pull) + "> Why: " + quoted(failure.Error()) + "\n\n"
	said := forge.Check{Name: summary, Outcome: forge.Undecided, Title: "could not be judged: " + firstLine(failure.Error())}
	var mistake *Mistake
	if errors.As(failure, &mistake) {
		said.Outcome, said.Annotations = forge.Failed, mistakes(mistake.Error())
		text += "**What to do:** " + report.Plain(mistake.Remedy) + ".\n"
	} else {
		text += "It is tried again; there is nothing for you to do.\n"
	}
	said.Text = text
	return plan{checks: []forge.Check{said}, overtaken: undecided, comment: &forge.Comment{Key: key, Text: text}}
}

func about(pull forge.PullRequest) string {
	told := "Commit " + report.Plain(pull.Head)
	if pull.BaseCommit != "" {
		told += ", merged with " + report.Plain(pull.BaseCommit)
	}
	return told + "\n\n"
}

// maxQuoted is how many lines of an error are repeated.
const maxQuoted = 20

// quoted repeats an error, a line each: a repository may have many mistakes.
func quoted(text string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if len(lines) == maxQuoted {
			lines = append(lines, "and more")
			break
		}
		lines = append(lines, report.Plain(line))
	}
	return strings.Join(lines, "\n>\n> ")
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return report.Line(line)
}

// verdict says what was judged: a check for all, one for each gate, a comment.
func verdict(known seen, options Options) plan {
	told := known.judged.Report
	told.Commit, told.Base = known.pull.Head, known.pull.BaseCommit // the same content may have been judged under other names
	if options.Link != nil {
		told.Link = options.Link(known.pull.Head)
	}
	said := plan{checks: []forge.Check{whole(told)}}
	for _, gate := range report.Gates() {
		said.checks = append(said.checks, one(told, gate))
	}
	var text strings.Builder
	if err := told.Markdown(&text); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	said.comment = &forge.Comment{Key: key, Text: text.String() + fate(known), Link: told.Link}
	return said
}

// fate says what becomes of a change that may be merged.
func fate(known seen) string {
	switch {
	case known.permit == nil:
		return ""
	case known.permit.merge:
		return "\nIt is merged without a person, because its environments say so.\n"
	case known.permit.waits != "":
		return "\nIt is not merged yet: " + report.Plain(known.permit.waits) + ".\n"
	}
	return ""
}

// whole is the check of all rules together.
func whole(told report.Report) forge.Check {
	count := told.Tally("")
	check := forge.Check{Name: summary, Link: told.Link, Text: told.Findings("", maxText), Annotations: annotations(told, "")}
	switch {
	case count.Denials > 0:
		check.Outcome, check.Title = forge.Failed, denied(count)
	case told.Error != "":
		check.Outcome, check.Title = forge.Undecided, "could not be judged: "+firstLine(told.Error)
		check.Annotations = append(check.Annotations, mistakes(told.Error)...)
	case !told.Allowed:
		check.Outcome, check.Title = forge.Undecided, "could not be judged"
	default:
		check.Outcome, check.Title = forge.Passed, passed(count)
	}
	return check
}

// one is the check of a gate. A gate of which no rule was asked has not passed.
func one(told report.Report, gate string) forge.Check {
	count := told.Tally(gate)
	check := forge.Check{Name: summary + "/" + gate, Link: told.Link, Text: told.Findings(gate, maxText), Annotations: annotations(told, gate)}
	switch {
	case count.Denials > 0:
		check.Outcome, check.Title = forge.Failed, denied(count)
	case count.Unjudged > 0 || count.Rules == 0:
		check.Outcome, check.Title = forge.Undecided, "could not be judged"
	default:
		check.Outcome, check.Title = forge.Passed, passed(count)
	}
	return check
}

// maxText is of the text of one check.
const maxText = 30_000 // bytes

func denied(count report.Tally) string {
	return fmt.Sprintf("%d of %d requirements not met", count.Denials, max(count.Rules, count.Denials))
}

func passed(count report.Tally) string {
	told := fmt.Sprintf("%d requirements met", count.Rules-count.Notes)
	if count.Notes > 0 {
		told += fmt.Sprintf(", %d noted", count.Notes)
	}
	return told
}

// message of a merge says nothing that the author of the pull request wrote:
// trailers of a commit may approve.
func message(pull forge.PullRequest) string {
	return fmt.Sprintf("Promote by pull request %d\n\nAssay judged %s, merged with %s, and allowed it.\n", pull.Number, pull.Head, cmp.Or(pull.BaseCommit, "nothing"))
}
