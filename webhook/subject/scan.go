package subject

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// scanner reads the words of JSON (RFC 8259), strictly.
type scanner struct {
	text string
	at   int
}

var errTooDeep = errors.New("fields below each other without an end")

// peek is the next byte that is no space; 0 at the end, which no word begins with.
func (s *scanner) peek() byte {
	for s.at < len(s.text) {
		switch b := s.text[s.at]; b {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return b
		}
	}
	return 0
}

func (s *scanner) unexpected() error {
	if s.at >= len(s.text) {
		return errors.New("unexpected end of JSON")
	}
	return fmt.Errorf("unexpected %q at byte %d of the JSON", s.text[s.at], s.at)
}

// end says what follows where nothing may.
func (s *scanner) end() error {
	if s.peek(); s.at < len(s.text) {
		return s.unexpected()
	}
	return nil
}

// eat takes a byte that must come.
func (s *scanner) eat(wanted byte) error {
	if s.peek() != wanted {
		return s.unexpected()
	}
	s.at++
	return nil
}

// more says whether another item follows before the closing bracket, which it
// takes, as it does the comma that must follow the items before.
func (s *scanner) more(closing byte, first bool) (bool, error) {
	if s.peek() == closing {
		s.at++
		return false, nil
	}
	if first {
		return true, nil
	}
	return true, s.eat(',')
}

// word takes true, false or null.
func (s *scanner) word(wanted string) error {
	if !strings.HasPrefix(s.text[s.at:], wanted) {
		return s.unexpected()
	}
	s.at += len(wanted)
	return nil
}

// quoted takes a text. One with escapes, or with bytes that are no UTF-8, is read
// by the standard library.
func (s *scanner) quoted() (string, error) {
	if err := s.eat('"'); err != nil {
		return "", err
	}
	start, plain := s.at, true
	for ; s.at < len(s.text); s.at++ {
		switch b := s.text[s.at]; {
		case b == '"':
			said := s.text[start:s.at]
			s.at++
			if plain {
				return said, nil
			}
			return unescaped(s.text[start-1 : s.at])
		case b == '\\':
			plain = false
			s.at++ // whatever follows does not end the text
		case b < ' ':
			return "", s.unexpected()
		case b >= utf8.RuneSelf:
			plain = false
		}
	}
	return "", s.unexpected()
}

func unescaped(written string) (said string, err error) {
	if inner := written[1 : len(written)-1]; strings.IndexByte(inner, '\\') < 0 && utf8.ValidString(inner) {
		return inner, nil
	}
	err = json.Unmarshal([]byte(written), &said)
	return said, err
}

// skip takes a value, whatever it is, and keeps nothing of it.
func (s *scanner) skip(depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	switch s.peek() {
	case '{':
		return s.skipAll('}', func() error {
			if _, err := s.quoted(); err != nil {
				return err
			}
			if err := s.eat(':'); err != nil {
				return err
			}
			return s.skip(depth + 1)
		})
	case '[':
		return s.skipAll(']', func() error { return s.skip(depth + 1) })
	case '"':
		_, err := s.quoted()
		return err
	case 'n':
		return s.word("null")
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	}
	_, err := s.number()
	return err
}

// skipAll takes what stands between brackets.
func (s *scanner) skipAll(closing byte, item func() error) error {
	s.at++
	for first := true; ; first = false {
		if more, err := s.more(closing, first); err != nil || !more {
			return err
		}
		if err := item(); err != nil {
			return err
		}
	}
}

// number takes a number as JSON writes it.
func (s *scanner) number() (string, error) {
	start := s.at
	s.optional("-")
	if s.optional("0") == 0 && s.digits() == 0 {
		return "", s.unexpected()
	}
	if s.optional(".") > 0 && s.digits() == 0 {
		return "", s.unexpected()
	}
	if s.optional("eE") > 0 {
		if s.optional("+-"); s.digits() == 0 {
			return "", s.unexpected()
		}
	}
	return s.text[start:s.at], nil
}

// optional takes one byte of those, if it is there.
func (s *scanner) optional(of string) (taken int) {
	if s.at < len(s.text) && strings.IndexByte(of, s.text[s.at]) >= 0 {
		s.at++
		return 1
	}
	return 0
}

func (s *scanner) digits() (taken int) {
	for ; s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9'; s.at++ {
		taken++
	}
	return taken
}
