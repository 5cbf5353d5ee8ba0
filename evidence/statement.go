package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Statement is an in-toto Statement v1 about exactly one subject.
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
//
// It has one predicate, told by PredicateType; the others are nil. By is whose
// key signed it: Verify says so, and nobody else.
type Statement struct {
	Subject       Subject
	PredicateType string
	Measurements  *Measurements
	Provenance    *Provenance
	Waiver        *Waiver
	Scan          *Scan
	Components    *Components
	Glass         *Glass
	By            Person
}

const (
	statementType = "https://in-toto.io/Statement/v1"
	olderType     = "https://in-toto.io/Statement/v0.1" // the same fields; cosign still writes it
	maxStatement  = 4 << 20                             // bytes; the largest honest one is a bill of materials
)

// Measured states what a gate found.
func Measured(subject Subject, measurements Measurements) Statement {
	return Statement{Subject: subject, PredicateType: MeasurementsType, Measurements: &measurements}
}

// Trained states from what a model was made.
func Trained(subject Subject, provenance Provenance) Statement {
	return Statement{Subject: subject, PredicateType: ProvenanceType, Provenance: &provenance}
}

type wire struct {
	Type          string               `json:"_type"`
	Subject       []ResourceDescriptor `json:"subject"`
	PredicateType string               `json:"predicateType"`
	Predicate     json.RawMessage      `json:"predicate"`
}

// Encode writes the statement's only valid form: the same statement is always
// the same bytes.
func (s Statement) Encode() ([]byte, error) {
	body, err := s.body()
	if err != nil {
		return nil, fmt.Errorf("stating something about %s: %w", s.Subject, err)
	}
	if _, err := ParseDigest(string(s.Subject.Digest)); err != nil {
		return nil, fmt.Errorf("stating something about %s: %w", s.Subject, err)
	}
	return encode(wire{statementType, []ResourceDescriptor{{
		Name:   s.Subject.Name,
		Digest: map[string]string{"sha256": s.Subject.Digest.Hex()},
	}}, s.PredicateType, body})
}

// body writes the predicate.
func (s Statement) body() ([]byte, error) {
	switch {
	case s.PredicateType == MeasurementsType && s.Measurements != nil:
		return bodyOf(s.Measurements, s.Measurements.validate())
	case s.PredicateType == ProvenanceType && s.Provenance != nil:
		return bodyOf(s.Provenance, nil)
	case s.PredicateType == WaiverType && s.Waiver != nil:
		return bodyOf(s.Waiver, s.Waiver.validate())
	case s.PredicateType == ScanType && s.Scan != nil:
		return bodyOf(s.Scan, s.Scan.validate())
	case s.PredicateType == ComponentsType && s.Components != nil:
		return s.Components.body()
	case s.PredicateType == GlassType && s.Glass != nil:
		return bodyOf(s.Glass, s.Glass.validate())
	}
	return nil, fmt.Errorf("a statement of type %.80q without its predicate", s.PredicateType)
}

func bodyOf(predicate any, wrong error) ([]byte, error) {
	if wrong != nil {
		return nil, wrong
	}
	return json.Marshal(predicate)
}

// environment is the one that the statement is about; none for what holds in
// all of them.
func (s Statement) environment() string {
	switch {
	case s.Measurements != nil:
		return s.Measurements.Environment
	case s.Waiver != nil:
		return s.Waiver.Environment
	case s.Glass != nil:
		return s.Glass.Environment
	}
	return ""
}

// claim is what the statement says, for messages.
func (s Statement) claim() string {
	if about := s.environment(); about != "" {
		return fmt.Sprintf("%s about %s", s.PredicateType, about)
	}
	return s.PredicateType
}

// foreign is ErrForeign when a payload says that it is another kind of
// statement. Nothing else is read of it.
func foreign(payload []byte) error {
	var form wire
	if len(payload) > maxStatement || decode(payload, &form) != nil || slices.Contains(PredicateTypes(), form.PredicateType) {
		return nil
	}
	return ErrForeign
}

// decodeStatement reads a statement that can be read in one way only (see
// decode), about exactly one subject with exactly one digest. It is
// unexported: a Statement is obtained from bytes by Verify only.
func decodeStatement(payload []byte) (Statement, error) {
	if len(payload) > maxStatement {
		return Statement{}, fmt.Errorf("the statement is larger than %d bytes", maxStatement)
	}
	var form wire
	if err := decode(payload, &form); err != nil {
		return Statement{}, fmt.Errorf("reading a statement: %w", err)
	}
	if form.Type != statementType && form.Type != olderType || len(form.Subject) != 1 || len(form.Subject[0].Digest) != 1 || form.Subject[0].URI != "" {
		return Statement{}, errors.New("not an in-toto statement v1 about one subject")
	}
	digest, err := ParseDigest("sha256:" + form.Subject[0].Digest["sha256"])
	if err != nil {
		return Statement{}, fmt.Errorf("reading a subject: %w", err)
	}
	statement := Statement{Subject: Subject{form.Subject[0].Name, digest}, PredicateType: form.PredicateType}
	predicate := statement.room()
	if predicate == nil {
		return Statement{}, fmt.Errorf("%w: %.80q", ErrForeign, form.PredicateType)
	}
	if err := decode(form.Predicate, predicate); err != nil {
		return Statement{}, fmt.Errorf("reading a predicate: %w", err)
	}
	if said, bounded := predicate.(interface{ validate() error }); bounded {
		err = said.validate()
	}
	return statement, err
}

// room is where the predicate goes that the statement's type announces; nil for
// a type that nobody knows.
func (s *Statement) room() any {
	switch s.PredicateType {
	case MeasurementsType:
		s.Measurements = &Measurements{}
		return s.Measurements
	case ProvenanceType:
		s.Provenance = &Provenance{}
		return s.Provenance
	case WaiverType:
		s.Waiver = &Waiver{}
		return s.Waiver
	case ScanType:
		s.Scan = &Scan{}
		return s.Scan
	case ComponentsType:
		s.Components = &Components{}
		return s.Components
	case GlassType:
		s.Glass = &Glass{}
		return s.Glass
	}
	return nil
}
