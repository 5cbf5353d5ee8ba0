package subject

import (
	"bytes"
	"errors"
	"fmt"

	"sigs.k8s.io/json"
)

// MaxObject is twice what etcd stores by default, as in the API server itself.
const MaxObject = 3 << 20

// Decode reads an object in one way or not at all: a field that this binary does
// not know, a key in another case or a key written twice is an error. Image
// volumes were once such an unknown field; a door that overlooks the next one is
// open.
func Decode(raw []byte, into any) error {
	if err := readable(raw); err != nil {
		return err
	}
	strict, err := json.UnmarshalStrict(raw, into)
	if err == nil && len(strict) > 0 {
		err = strict[0]
	}
	if err != nil {
		return fmt.Errorf("reading the object: %w", err)
	}
	return nil
}

// readable refuses what is no object, or too large for one.
func readable(raw []byte) error {
	if len(raw) == 0 || len(raw) > MaxObject {
		return fmt.Errorf("the object has %d bytes, want 1 to %d", len(raw), MaxObject)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")) {
		return errors.New("reading the object: it is none") // null would be read as an object without anything
	}
	return nil
}
