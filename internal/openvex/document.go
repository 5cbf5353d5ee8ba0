package openvex

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	strict "sigs.k8s.io/json"
)

// MaxDocument bounds the bytes of a document, and so all that is in it.
const MaxDocument = 1 << 20

const contextOf020 = "https://openvex.dev/ns/v0.2.0"

// Document is what one author claims.
type Document struct {
	ID      string
	Author  string
	Updated time.Time // when it was last looked at
	claims  map[string][]claim
}

// claim is a statement, ready to be compared.
type claim struct {
	Claim
	products []product
	when     time.Time
}

// Claim is what a statement says of a vulnerability.
type Claim struct {
	Status        Status
	Justification string // of not_affected: one of five labels
}

// Status is where a product stands.
type Status string

// The statuses of OpenVEX 0.2.0.
const (
	NotAffected        Status = "not_affected"
	Affected           Status = "affected"
	Fixed              Status = "fixed"
	UnderInvestigation Status = "under_investigation"
)

// harmless holds for the statuses under which a vulnerability does no harm.
func (s Status) harmless() bool { return s == NotAffected || s == Fixed }

// justifications of not_affected, as CISA lists them (Vulnerability
// Exploitability eXchange: Status Justifications, June 2022).
var justifications = []string{
	"component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
	"vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
}

// The form of a document. Fields that only people read are named here, so that
// every other field is an error.
type form struct {
	Context     string      `json:"@context"`
	ID          string      `json:"@id"`
	Author      string      `json:"author"`
	Role        string      `json:"role"`
	Timestamp   *time.Time  `json:"timestamp"`
	LastUpdated *time.Time  `json:"last_updated"`
	Version     int         `json:"version"`
	Tooling     string      `json:"tooling"`
	Supplier    string      `json:"supplier"`
	Statements  []statement `json:"statements"`
}

type statement struct {
	ID            string        `json:"@id"`
	Version       int           `json:"version"`
	Vulnerability vulnerability `json:"vulnerability"`
	Timestamp     *time.Time    `json:"timestamp"`
	LastUpdated   *time.Time    `json:"last_updated"`
	Products      []productForm `json:"products"`
	Status        Status        `json:"status"`
	Supplier      string        `json:"supplier"`
	Notes         string        `json:"status_notes"`
	Justification string        `json:"justification"`
	Impact        string        `json:"impact_statement"`
	Action        string        `json:"action_statement"`
	ActionTime    *time.Time    `json:"action_statement_timestamp"`
}

type vulnerability struct {
	ID          string   `json:"@id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Aliases     []string `json:"aliases"`
}

type productForm struct {
	component
	Subcomponents []component `json:"subcomponents"`
}

type component struct {
	ID          string            `json:"@id"`
	Identifiers map[string]string `json:"identifiers"`
	Hashes      map[string]string `json:"hashes"`
	Supplier    string            `json:"supplier"`
}

// Parse reads a document. What is not valid in whole is an error in whole: half
// a document might lack the statement that takes another back.
func Parse(content []byte) (Document, error) {
	if len(content) > MaxDocument {
		return Document{}, fmt.Errorf("it is larger than %d bytes", MaxDocument)
	}
	if !utf8.Valid(content) {
		return Document{}, errors.New("it is not UTF-8")
	}
	var read form
	problems, err := strict.UnmarshalStrict(content, &read)
	if err := errors.Join(append(problems, err)...); err != nil {
		return Document{}, fmt.Errorf("it is not an OpenVEX document: %w", err)
	}
	if err := read.validate(); err != nil {
		return Document{}, err
	}
	document := Document{ID: read.ID, Author: read.Author, Updated: latest(read.Timestamp, read.LastUpdated), claims: map[string][]claim{}}
	for i, one := range read.Statements {
		if err := one.validate(); err != nil {
			return Document{}, fmt.Errorf("statements[%d]: %w", i, err)
		}
		document.add(one, *read.Timestamp)
	}
	return document, nil
}

func (f form) validate() error {
	switch {
	case f.Context != contextOf020:
		return fmt.Errorf("@context is %.80q and not %s", f.Context, contextOf020)
	case f.ID == "" || f.Author == "":
		return errors.New("it has no @id or no author")
	case f.Timestamp == nil || f.Timestamp.IsZero():
		return errors.New("it has no timestamp")
	case f.Version < 1:
		return fmt.Errorf("version is %d and not 1 or more", f.Version)
	case len(f.Statements) == 0:
		return errors.New("it states nothing")
	}
	return nil
}

func (s statement) validate() error {
	switch {
	case s.Vulnerability.Name == "":
		return errors.New("it names no vulnerability")
	case len(s.Products) == 0:
		return errors.New("it names no product")
	case !slices.Contains([]Status{NotAffected, Affected, Fixed, UnderInvestigation}, s.Status):
		return fmt.Errorf("status %.40q is none of OpenVEX 0.2.0", s.Status)
	case s.Status == NotAffected && !slices.Contains(justifications, s.Justification):
		return fmt.Errorf("not_affected with justification %.60q\nhint: write one of %v", s.Justification, justifications)
	case s.Status != NotAffected && s.Justification+s.Impact != "":
		return fmt.Errorf("%s with a justification or an impact statement", s.Status)
	case s.Status == Affected && s.Action == "":
		return errors.New("affected without an action_statement")
	case s.Status != Affected && s.Action != "":
		return fmt.Errorf("%s with an action_statement", s.Status)
	}
	return nil
}

// add files a statement under every name of its vulnerability.
func (d Document) add(one statement, issued time.Time) {
	read := claim{Claim: Claim{one.Status, one.Justification}, when: issued}
	if one.Timestamp != nil && !one.Timestamp.IsZero() {
		read.when = *one.Timestamp
	}
	for _, named := range one.Products {
		read.products = append(read.products, newProduct(named))
	}
	names := append([]string{one.Vulnerability.Name, one.Vulnerability.ID}, one.Vulnerability.Aliases...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		d.claims[name] = append(d.claims[name], read)
	}
}

func latest(times ...*time.Time) (last time.Time) {
	for _, one := range times {
		if one != nil && one.After(last) {
			last = *one
		}
	}
	return last
}
