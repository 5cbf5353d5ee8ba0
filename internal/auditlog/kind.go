package auditlog

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Exception is a waiver as it lay before the judge. Record.Allowed says whether
// it counted, Record.Actor who gave it.
type Exception struct {
	Bundle evidence.Digest `json:"bundle"`          // of the signed file
	Rule   string          `json:"rule,omitempty"`  // that need not hold; empty when nobody trusted has signed it
	Role   string          `json:"role,omitempty"`  // of the person
	Until  string          `json:"until,omitempty"` // as signed
	Why    []string        `json:"why,omitempty"`   // it did not count
}

// Review is a question of an API server and its answer. The record's subject is
// the object, its actor the user who asked.
type Review struct {
	UID       string            `json:"uid"`
	Operation string            `json:"operation"`
	Outcome   string            `json:"outcome"`            // allowed, denied, unchanged, error
	Mode      string            `json:"mode,omitempty"`     // warn or dryrun: rules deny it, and it came in nevertheless
	Releases  []evidence.Digest `json:"releases,omitempty"` // that the object reaches
	Glass     []evidence.Digest `json:"glass,omitempty"`    // that was broken to let it in: of what was signed
}

// Lost says that decisions between two instants are not in the log, so that
// silence cannot pass for completeness.
type Lost struct {
	Count uint64    `json:"count,omitempty"` // 0 when nobody could count them
	From  time.Time `json:"from"`            // UTC, whole seconds
	To    time.Time `json:"to"`
	Why   string    `json:"why"`
}

// inSeconds never makes the span shorter.
func (l *Lost) inSeconds() *Lost {
	if l == nil {
		return nil
	}
	rounded := *l
	rounded.From, rounded.To = l.From.UTC().Truncate(time.Second), l.To.UTC().Truncate(time.Second)
	if rounded.To.Before(l.To) {
		rounded.To = rounded.To.Add(time.Second)
	}
	return &rounded
}

// particulars are the texts that only one kind of record has.
func (r Record) particulars() []string {
	var texts []string
	if r.Waiver != nil {
		texts = append(slices.Clone(r.Waiver.Why), r.Waiver.Rule, r.Waiver.Role, r.Waiver.Until)
	}
	if r.Admission != nil {
		texts = append(texts, r.Admission.UID, r.Admission.Operation, r.Admission.Outcome, r.Admission.Mode)
	}
	if r.Gap != nil {
		texts = append(texts, r.Gap.Why)
	}
	return texts
}

// named are the digests that a record holds beside that of its subject.
func (r Record) named() []evidence.Digest {
	named := slices.Clone(r.Evidence)
	if r.Waiver != nil {
		named = append(named, r.Waiver.Bundle)
	}
	if r.Admission != nil {
		named = append(named, r.Admission.Releases...)
		named = append(named, r.Admission.Glass...)
	}
	return named
}

// Names reports whether the record is about that digest: of a release, of an
// envelope, of a waiver, of a break-glass.
func (r Record) Names(digest evidence.Digest) bool {
	return r.Subject.Digest == digest || slices.Contains(r.named(), digest)
}

// checkKind holds each kind to its own fields.
func (r Record) checkKind() error {
	if !slices.Contains([]Kind{Verdict, Admission, Waiver, Gap, Closed}, r.Kind) {
		return fmt.Errorf("%.80q is no kind of record", string(r.Kind))
	}
	if (r.Waiver != nil) != (r.Kind == Waiver) || (r.Admission != nil) != (r.Kind == Admission) || (r.Gap != nil) != (r.Kind == Gap) {
		return fmt.Errorf("it does not hold what a record of kind %s holds", r.Kind)
	}
	if r.Admission != nil && (r.Admission.UID == "" || r.Admission.Outcome == "") {
		return errors.New("it does not say what was asked and answered")
	}
	if r.Gap != nil && (r.Gap.From.Year() < 2000 || r.Gap.To.Year() > 9999 || r.Gap.To.Before(r.Gap.From)) {
		return fmt.Errorf("its gap is from %s to %s", r.Gap.From, r.Gap.To)
	}
	return nil
}

// place is what a record is about, whichever release stands there.
type place struct {
	kind                           Kind
	repository, environment, model string
	bundle                         evidence.Digest // of a waiver: each has a place of its own
}

func (r Record) place() place {
	about := place{kind: r.Kind, repository: r.Repository, environment: r.Environment, model: r.Subject.Name}
	if r.Waiver != nil {
		about.bundle = r.Waiver.Bundle
	}
	return about
}

// recurs holds for what is decided again and again, and entered when it
// changes. Each admission is its own: to remember them would take memory
// without end.
func (r Record) recurs() bool { return r.Kind == Verdict || r.Kind == Waiver }
