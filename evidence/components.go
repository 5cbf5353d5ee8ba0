package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// ComponentsType is the claim of what the image that serves a release is made
// of: a bill of materials, under the type by which cosign knows CycloneDX.
// https://github.com/in-toto/attestation/blob/main/spec/predicates/cyclonedx.md
const ComponentsType = "https://cyclonedx.org/bom"

// maxComponents leaves room for the rest of the statement.
const maxComponents = maxStatement - 64<<10

// Components is the predicate of a bill of materials: a CycloneDX document in
// JSON, byte for byte, so that its digest is that of what was signed.
type Components struct{ Document []byte }

// Listed states what the image that serves a release is made of.
func Listed(subject Subject, document []byte) Statement {
	return Statement{Subject: subject, PredicateType: ComponentsType, Components: &Components{document}}
}

// UnmarshalJSON keeps the text as it is.
func (c *Components) UnmarshalJSON(text []byte) error {
	c.Document = slices.Clone(text)
	return nil
}

// validate wants a CycloneDX document that can be read in one way only.
func (c Components) validate() error {
	if len(c.Document) > maxComponents {
		return fmt.Errorf("a bill of materials of %d bytes, more than %d", len(c.Document), maxComponents)
	}
	var form map[string]any
	if err := decode(c.Document, &form); err != nil {
		return fmt.Errorf("reading a bill of materials: %w", err)
	}
	if form["bomFormat"] != "CycloneDX" {
		return errors.New("a bill of materials that is not CycloneDX")
	}
	return nil
}

// body is the document as it stands in a statement. It has to be there already
// as encode writes it, or its digest would be another.
func (c Components) body() ([]byte, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	written, err := encode(json.RawMessage(c.Document))
	if err == nil && !bytes.Equal(written, c.Document) {
		err = errors.New("a bill of materials with white space around its tokens")
	}
	return written, err
}

// encode writes JSON without white space and without HTML's escapes: what jq -c
// prints of a part is then the part, byte for byte.
func encode(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
