package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	strict "sigs.k8s.io/json"
)

// Bounds on one file. CodeQL and Semgrep write some kilobytes for a result.
const (
	maxBytes = 64 << 20
	maxDepth = 64
)

// text reads a whole file, up to its bound.
func text(file io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > maxBytes:
		return nil, fmt.Errorf("it is larger than %d bytes", maxBytes)
	case !utf8.Valid(content):
		return nil, errors.New("it is not UTF-8")
	}
	return bytes.TrimPrefix(content, []byte("\ufeff")), nil // .NET writes a byte order mark
}

// decode reads one JSON value that every reader reads alike. Fields that are
// not known are left out: SARIF has many, and scanners add their own.
func decode(content []byte, into any) error {
	if err := readsOneWay(content); err != nil {
		return err
	}
	return strict.UnmarshalCaseSensitivePreserveInts(content, into)
}

// readsOneWay refuses keys that stand twice in an object, in whatever case:
// some readers take the first, some the last, and some do not tell cases apart.
func readsOneWay(content []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	if err := value(decoder, 0); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands behind its end")
	}
	return nil
}

func value(decoder *json.Decoder, depth int) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	bracket, nests := token.(json.Delim)
	if !nests {
		return nil
	}
	if depth == maxDepth {
		return fmt.Errorf("it is nested more than %d deep", maxDepth)
	}
	seen := map[string]bool{}
	for decoder.More() {
		if bracket == '{' {
			if err := key(decoder, seen); err != nil {
				return err
			}
		}
		if err := value(decoder, depth+1); err != nil {
			return err
		}
	}
	_, err = decoder.Token()
	return err
}

func key(decoder *json.Decoder, seen map[string]bool) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	name, _ := token.(string)
	if folded := strings.ToLower(name); seen[folded] {
		return fmt.Errorf("the key %.80q stands twice", name)
	} else {
		seen[folded] = true
	}
	return nil
}
