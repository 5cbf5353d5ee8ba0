package modelfile

import (
	"encoding/binary"
	"errors"
	"io"
)

// errWire is what no protocol buffer is (https://protobuf.dev/programming-guides/encoding/).
var errWire = errors.New("no protocol buffer")

// field is one field of a message: its number, and its value or where its
// bytes stand.
type field struct {
	number uint64
	wire   int
	value  uint64
	at     int64
	size   int64
}

const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

// message is a run of a file that holds fields.
type message struct {
	source
	at   int64
	size int64
}

func (s source) message() message { return message{s, 0, s.size} }

func (m message) inner(f field) message { return message{m.source, f.at, f.size} }

// text is the bytes of a field, up to maxText of them.
func (m message) text(f field) string { return string(m.source.at(f.at, int(min(f.size, maxText)))) }

// fields visits every field in order. Messages within are visited by those who
// know that they are messages.
func (m message) fields(visit func(field) error) error {
	c := m.source.part(m.at, m.size).cursor(0)
	for c.left() > 0 {
		one, err := c.field()
		if err != nil {
			return err
		}
		one.at += m.at
		if err := visit(one); err != nil {
			return err
		}
	}
	return nil
}

func (c *cursor) field() (field, error) {
	key, err := c.varint()
	if err != nil || key>>3 == 0 || key>>3 >= 1<<29 {
		return field{}, errWire
	}
	one := field{number: key >> 3, wire: int(key & 7)}
	switch one.wire {
	case wireVarint:
		one.value, err = c.varint()
	case wire64:
		err = c.skip(8)
	case wire32:
		err = c.skip(4)
	case wireBytes:
		var size uint64
		if size, err = c.varint(); err == nil {
			one.at, one.size = c.offset, int64(size)
			err = c.skip(size)
		}
	default: // groups, which no model format has ever used
		err = errWire
	}
	return one, err
}

func (c *cursor) varint() (uint64, error) {
	value, n := binary.Uvarint(c.peek(binary.MaxVarintLen64))
	if n <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	c.offset += int64(n)
	return value, nil
}

// have counts the fields of a message by number and wire type; nil where it is
// no message. Two messages of one shape are told apart by what is in them.
func (m message) have(step func() bool) map[[2]int]int {
	counts := map[[2]int]int{}
	err := m.fields(func(f field) error {
		if !step() {
			return errTooMuch
		}
		if f.number < 1000 {
			counts[[2]int{int(f.number), f.wire}]++
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return counts
}

func varint(number int) [2]int  { return [2]int{number, wireVarint} }
func bytesOf(number int) [2]int { return [2]int{number, wireBytes} }

// only holds for a message of those fields and no others.
func only(counts map[[2]int]int, allowed ...[2]int) bool {
	total := 0
	for _, one := range allowed {
		if counts[one] > 0 {
			total++
		}
	}
	return len(counts) > 0 && total == len(counts)
}

// first is the first message that a message holds under a number.
func (m message) first(number uint64) message {
	found := message{source: m.source}
	_ = m.fields(func(f field) error {
		if f.number == number && f.wire == wireBytes {
			found = m.inner(f)
			return errEnough
		}
		return nil
	})
	return found
}

var errEnough = errors.New("enough")

// texts is the last text under each number: of a field that stands twice,
// readers take the last.
func (m message) texts() map[uint64]string {
	texts := map[uint64]string{}
	_ = m.fields(func(f field) error { // an error is met again by who walks the message
		if f.wire == wireBytes && f.number < 32 {
			texts[f.number] = m.text(f)
		}
		return nil
	})
	return texts
}

// messages says which fields of a message are messages, and what is done with
// the message itself.
type messages struct {
	inner map[uint64]*messages
	leaf  func(visitor, message) error
}

// visitor walks the messages of one model.
type visitor struct {
	*inspector
	at    place
	local map[string]bool // domains of functions that an ONNX model holds itself
}

// maxMessages is how deep messages are nested; a graph within a graph takes
// three.
const maxMessages = 48

func (v visitor) walk(m message, kind messages, depth int) error {
	if depth > maxMessages {
		return errTooMuch
	}
	if kind.leaf != nil {
		if err := kind.leaf(v, m); err != nil {
			return err
		}
	}
	return m.fields(func(f field) error {
		if !v.step() {
			return errTooMuch
		}
		if next := kind.inner[f.number]; next != nil && f.wire == wireBytes {
			return v.walk(m.inner(f), *next, depth+1)
		}
		return nil
	})
}

// broke reports a walk that did not come to its end.
func (v visitor) broke(what string, err error) {
	switch {
	case errors.Is(err, errTooMuch):
		v.find(v.at, Unread, what+" that is deeper or longer than is looked into", 0)
	case err != nil:
		v.find(v.at, Malformed, what+": "+err.Error(), 0)
	}
}
