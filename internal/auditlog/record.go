package auditlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	strict "sigs.k8s.io/json"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Kind says who decided what.
type Kind string

// Kinds of records.
const (
	Verdict   Kind = "verdict"   // the reconciler's, about a release in an environment
	Admission Kind = "admission" // a cluster's, about a workload
	Waiver    Kind = "waiver"    // a person's, about a rule
	Gap       Kind = "gap"       // the log's own: decisions that are not in it
	Closed    Kind = "closed"    // the log's own: its writer ended in order, and left nothing out
)

// Record is one decision. It names releases, rules and evidence by digest and
// holds no value of a patient.
type Record struct {
	Kind        Kind              `json:"kind"`
	Time        time.Time         `json:"time"` // UTC, whole seconds
	Repository  string            `json:"repository,omitempty"`
	Commit      string            `json:"commit,omitempty"`
	Actor       string            `json:"actor,omitempty"` // who proposed or did it
	Environment string            `json:"environment"`
	Subject     evidence.Subject  `json:"subject"`
	Allowed     bool              `json:"allowed"`
	Evaluated   int               `json:"evaluated"` // rules that took part
	Findings    []Finding         `json:"findings"`
	Policy      string            `json:"policy,omitempty"`
	Evidence    []evidence.Digest `json:"evidence"`

	// By kind; nil for the others.
	Waiver    *Exception `json:"waiver,omitempty"`
	Admission *Review    `json:"admission,omitempty"`
	Gap       *Lost      `json:"gap,omitempty"`
}

// Finding is one rule that was not met.
type Finding struct {
	Rule     string `json:"rule"`
	State    string `json:"state"`
	Severity string `json:"severity"`
	Message  string `json:"message,omitempty"`
}

const (
	maxRecord  = 1<<16 - 1 // of an entry in tlog-tiles
	maxName    = 2048      // of any text but a message
	maxMessage = 1024
)

// Encode writes the one text of a record. Messages are shortened, all alike,
// until the record fits into an entry: rule and state tell what was decided.
func (r Record) Encode() ([]byte, error) {
	r.Time = r.Time.UTC().Truncate(time.Second)
	r.Findings, r.Evidence, r.Gap = slices.Clone(r.Findings), slices.Clone(r.Evidence), r.Gap.inSeconds()
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	if r.Evidence == nil {
		r.Evidence = []evidence.Digest{}
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("a record for the audit log: %w", err)
	}
	for limit := maxMessage; ; limit /= 2 {
		for i, finding := range r.Findings {
			r.Findings[i].Message = shortened(strings.ToValidUTF8(finding.Message, "\uFFFD"), limit)
		}
		text, err := json.Marshal(r)
		if err != nil || len(text) <= maxRecord {
			return text, err
		}
		if limit == 0 {
			return nil, fmt.Errorf("a record for the audit log: %d findings do not fit into %d bytes", len(r.Findings), maxRecord)
		}
	}
}

func shortened(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// Decode reads what Encode wrote, and refuses every other text: a record has
// one reading and one writing.
func Decode(text []byte) (Record, error) {
	var record Record
	if len(text) > maxRecord {
		return record, fmt.Errorf("the record is larger than %d bytes", maxRecord)
	}
	problems, err := strict.UnmarshalStrict(text, &record)
	if err := errors.Join(append(problems, err)...); err != nil {
		return Record{}, fmt.Errorf("reading a record: %w", err)
	}
	again, err := record.Encode()
	if err != nil {
		return Record{}, err
	}
	if !bytes.Equal(again, text) {
		return Record{}, errors.New("the record is not written as the log writes it")
	}
	return record, nil
}

func (r Record) check() error {
	texts := append(r.particulars(), r.Repository, r.Commit, r.Actor, r.Environment, r.Subject.Name, r.Policy)
	for _, finding := range r.Findings {
		texts = append(texts, finding.Rule, finding.State, finding.Severity)
		if finding.Rule == "" {
			return errors.New("a finding names no rule")
		}
	}
	for _, text := range texts {
		if len(text) > maxName || !utf8.ValidString(text) {
			return fmt.Errorf("%.80q is no text of at most %d bytes", text, maxName)
		}
	}
	if r.Subject.Digest != "" { // a workload that was refused may name none
		if _, err := evidence.ParseDigest(string(r.Subject.Digest)); err != nil {
			return err
		}
	}
	for _, digest := range r.named() {
		if _, err := evidence.ParseDigest(string(digest)); err != nil {
			return err
		}
	}
	switch {
	case r.Subject.Name == "" || r.Environment == "" && (r.Kind == Verdict || r.Kind == Waiver):
		return errors.New("it does not say what it is about")
	case r.Time.Year() < 2000 || r.Time.Year() > 9999:
		return fmt.Errorf("its time is %s", r.Time)
	case r.Evaluated < 0:
		return errors.New("it counts less than no rules")
	}
	return r.checkKind()
}

// Digest names a record by all that it says but its time: the same decision
// again has the same digest.
func (r Record) Digest() (evidence.Digest, error) {
	r.Time = time.Unix(1<<30, 0)
	text, err := r.Encode()
	if err != nil {
		return "", err
	}
	return evidence.Sum(text), nil
}
