package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Statement is an in-toto Statement v1 about exactly one subject.
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
//
// It has one of two predicates, told apart by PredicateType; the other is nil.
type Statement struct {
	Subject       Subject
	PredicateType string
	Measurements  *Measurements
	Provenance    *Provenance
}

const (
	statementType = "https://in-toto.io/Statement/v1"
	payloadType   = "application/vnd.in-toto+json"
	maxStatement  = 4 << 20 // bytes; the largest honest statement is below 1 MiB
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
	var predicate any
	switch {
	case s.PredicateType == MeasurementsType && s.Measurements != nil:
		if err := s.Measurements.validate(); err != nil {
			return nil, fmt.Errorf("stating measurements of %s: %w", s.Subject, err)
		}
		predicate = s.Measurements
	case s.PredicateType == ProvenanceType && s.Provenance != nil:
		predicate = s.Provenance
	default:
		return nil, fmt.Errorf("a statement of type %.80q without its predicate", s.PredicateType)
	}
	body, err := json.Marshal(predicate)
	if err != nil {
		return nil, err
	}
	if _, err := ParseDigest(string(s.Subject.Digest)); err != nil {
		return nil, fmt.Errorf("stating something about %s: %w", s.Subject, err)
	}
	return json.Marshal(wire{statementType, []ResourceDescriptor{{
		Name:   s.Subject.Name,
		Digest: map[string]string{"sha256": s.Subject.Digest.Hex()},
	}}, s.PredicateType, body})
}

// decodeStatement reads what Encode writes, and nothing else: the bytes must
// be exactly those that Encode would give back. So a key written twice, a key
// in another case, an unknown field, a second subject or a number as a float
// is refused by construction. It is unexported: a Statement is obtained from
// bytes by Verify only.
func decodeStatement(payload []byte) (Statement, error) {
	if len(payload) > maxStatement {
		return Statement{}, fmt.Errorf("the statement is larger than %d bytes", maxStatement)
	}
	var form wire
	if err := json.Unmarshal(payload, &form); err != nil {
		return Statement{}, fmt.Errorf("reading a statement: %w", err)
	}
	if form.Type != statementType || len(form.Subject) != 1 {
		return Statement{}, fmt.Errorf("not an in-toto statement v1 about one subject")
	}
	statement := Statement{
		Subject:       Subject{form.Subject[0].Name, Digest("sha256:" + form.Subject[0].Digest["sha256"])},
		PredicateType: form.PredicateType,
	}
	var predicate any
	switch form.PredicateType {
	case MeasurementsType:
		statement.Measurements = &Measurements{}
		predicate = statement.Measurements
	case ProvenanceType:
		statement.Provenance = &Provenance{}
		predicate = statement.Provenance
	default:
		return Statement{}, fmt.Errorf("unknown predicate type %.80q", form.PredicateType)
	}
	if err := json.Unmarshal(form.Predicate, predicate); err != nil {
		return Statement{}, fmt.Errorf("reading a predicate: %w", err)
	}
	canonical, err := statement.Encode()
	if err != nil {
		return Statement{}, err
	}
	if !bytes.Equal(canonical, payload) {
		return Statement{}, fmt.Errorf("the statement is not in its canonical form")
	}
	return statement, nil
}
