package sarif

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Report is what the file of a scanner says. When the scan ended and what it
// looked at is not always in it; see [Report.At].
type Report struct {
	Scan     evidence.Scan // without Commit and Finished
	Revision string        // as the scanner writes it; empty where it does not say
	Finished time.Time     // zero where it does not say
}

// Read reads SARIF 2.1.0, or the lines of TruffleHog.
func Read(file io.Reader) (Report, error) {
	content, err := text(file)
	if err != nil {
		return Report{}, err
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace(content), []byte("\n"))
	if isTruffleHog(first) {
		return readTruffleHog(content)
	}
	var form document
	if err := decode(content, &form); err != nil {
		return Report{}, err
	}
	if form.Version != "2.1.0" {
		return Report{}, fmt.Errorf("it is SARIF of version %.20q, not 2.1.0", form.Version)
	}
	if len(form.Runs) == 0 {
		return Report{}, errors.New("it holds no run: nothing was scanned")
	}
	var report Report
	for i, one := range form.Runs {
		if err := report.add(one); err != nil {
			return Report{}, fmt.Errorf("run %d: %w", i, err)
		}
	}
	return report, nil
}

// add takes a run in. A scanner may write one for each project that it finds.
func (r *Report) add(one run) error {
	driver := one.Tool.Driver
	name := toolOf(driver.Name)
	switch {
	case name == "":
		return errors.New("it does not name its tool")
	case r.Scan.Tool != "" && r.Scan.Tool != name:
		return fmt.Errorf("it is of %s, and another of %s: give one file of one scanner", name, r.Scan.Tool)
	case one.Results == nil:
		return errors.New("it has no list of results, so it did not scan")
	}
	r.Scan.Tool, r.Scan.Version = name, evidence.Line(driver.SemanticVersion)
	if r.Scan.Version == "" {
		r.Scan.Version = evidence.Line(driver.Version)
	}
	r.Scan.Rules += len(driver.Rules)
	for _, extension := range one.Tool.Extensions {
		r.Scan.Rules += len(extension.Rules)
	}
	if err := r.ended(one.Invocations); err != nil {
		return err
	}
	if err := r.revised(one.Provenance); err != nil {
		return err
	}
	return r.count(one)
}

// ended wants every invocation to have ended well. Of several the scan is as
// old as the oldest.
func (r *Report) ended(invocations []invocation) error {
	for _, one := range invocations {
		if one.Successful == nil || !*one.Successful {
			return errors.New("its execution was not successful")
		}
		for _, notification := range slices.Concat(one.Execution, one.Configuration) {
			if notification.Level == "error" {
				return errors.New("it notifies of an error, so what it did not find may be there")
			}
		}
		if one.Ended == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, one.Ended)
		if err != nil {
			return fmt.Errorf("endTimeUtc %.40q is not a time", one.Ended)
		}
		if r.Finished.IsZero() || at.Before(r.Finished) {
			r.Finished = at
		}
	}
	return nil
}

func (r *Report) revised(revisions []revision) error {
	for _, one := range revisions {
		if one.ID == "" {
			continue
		}
		if r.Revision != "" && r.Revision != one.ID {
			return fmt.Errorf("it is of two revisions, %.80q and %.80q", r.Revision, one.ID)
		}
		r.Revision = one.ID
	}
	return nil
}

// At is the scan of a commit: of the one that the scanner names, and where it
// names none, of the one that is given. Two that contradict each other are an
// error. Where the scanner does not say when it ended, it was when its file was
// written.
func (r Report) At(commit string, written time.Time) (evidence.Scan, error) {
	scan, told, given := r.Scan, strings.ToLower(r.Revision), strings.ToLower(commit)
	const short = 7 // what git abbreviates to, at the least
	switch {
	case told == "" && given == "":
		return scan, fmt.Errorf("%s does not say which commit it scanned\nhint: give it with --commit", scan.Tool)
	case told == "":
		scan.Commit = given
	case given == "" || given == told:
		scan.Commit = told
	case len(told) >= short && len(told) < len(given) && strings.HasPrefix(given, told):
		scan.Commit = given
	default:
		return scan, fmt.Errorf("%s scanned %.80q, not %.80q", scan.Tool, r.Revision, commit)
	}
	ended := r.Finished
	if ended.IsZero() {
		ended = written
	}
	scan.Finished = ended.UTC().Truncate(time.Second).Format(time.RFC3339)
	return scan, nil
}
