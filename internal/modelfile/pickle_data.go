package modelfile

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Opcodes that make data.

func (m *machine) anything(argument) error { return m.push(anything) }

func (m *machine) integer(with argument) error {
	return m.push(&value{shape: number, number: with.number})
}

// long is an integer in two's complement; one that takes more than 64 bits is
// no size of anything.
func (m *machine) long(with argument) error {
	if with.text == torchMagic {
		m.trace.torch = true
	}
	if n := len(with.text); with.long || n > 8 {
		return m.push(anything)
	}
	shift := 64 - 8*len(with.text)
	bits := littleEndian([]byte(with.text))
	return m.push(&value{shape: number, number: int64(bits<<shift) >> shift})
}

func (m *machine) text(with argument) error {
	if with.long || !utf8.ValidString(with.text) {
		return m.push(anything)
	}
	return m.push(&value{shape: text, text: with.text})
}

// quoted is a string of protocol 0, 'po\x73ix'. What its escapes stand for can
// be a name that is imported.
func (m *machine) quoted(with argument) error {
	literal := strings.TrimRight(with.text, " \t\r")
	if len(literal) < 2 || literal[0] != literal[len(literal)-1] || !strings.ContainsRune(`'"`, rune(literal[0])) {
		if with.long {
			return m.push(anything)
		}
		return errUnquoted
	}
	return m.text(argument{text: unescape(literal[1:len(literal)-1], `\abfnrtvx01234567'"`), long: with.long})
}

// escaped is a string of protocol 0 in raw-unicode-escape: only \u and \U mean
// something.
func (m *machine) escaped(with argument) error {
	return m.text(argument{text: unescape(with.text, "uU"), long: with.long})
}

// unescape replaces the escapes that begin with one of the letters; what is no
// escape stays.
func unescape(literal, letters string) string {
	var plain strings.Builder
	for at := 0; at < len(literal); {
		if literal[at] != '\\' || at+1 == len(literal) || !strings.ContainsRune(letters, rune(literal[at+1])) {
			plain.WriteByte(literal[at])
			at++
			continue
		}
		decoded, n := escape(literal[at+1:])
		plain.WriteString(decoded)
		at += 1 + n
	}
	return plain.String()
}

// escape is what the text behind a backslash stands for, and its length.
func escape(behind string) (string, int) {
	digits, base := 0, 16
	skip := 1
	switch behind[0] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case '0', '1', '2', '3', '4', '5', '6', '7':
		skip, base = 0, 8
		for digits < 3 && digits < len(behind) && behind[digits] >= '0' && behind[digits] <= '7' {
			digits++
		}
	default:
		if at := strings.IndexByte("abfnrtv", behind[0]); at >= 0 {
			return "\a\b\f\n\r\t\v"[at : at+1], 1
		}
		return behind[:1], 1
	}
	end := min(skip+digits, len(behind))
	code, err := strconv.ParseUint(behind[skip:end], base, 32)
	if err != nil {
		return behind[:1], 1
	}
	return string(rune(code)), end
}

func (m *machine) emptyTuple(argument) error { return m.push(&value{shape: tuple}) }

func (m *machine) tuple(argument) error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.push(&value{shape: tuple, items: items})
}

func tupleOf(n int) func(*machine, argument) error {
	return func(m *machine, _ argument) error {
		items, err := m.pops(n)
		if err != nil {
			return err
		}
		return m.push(&value{shape: tuple, items: items})
	}
}

func (m *machine) emptyDict(argument) error { return m.push(&value{shape: dict}) }

func (m *machine) dict(argument) error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.push(&value{shape: dict, items: items})
}

func (m *machine) set(argument) error {
	pair, err := m.pops(2)
	if err != nil {
		return err
	}
	return m.extend(pair)
}

func (m *machine) setAll(argument) error {
	pairs, err := m.popMark()
	if err != nil {
		return err
	}
	return m.extend(pairs)
}

// extend gives pairs to the dict on top. Other objects are asked to take them
// too, and are whatever they are.
func (m *machine) extend(pairs []*value) error {
	top, err := m.top()
	if err == nil && top.shape == dict {
		top.items = append(top.items, pairs...)
	}
	return err
}

// collect makes a list or a set of what stands above the mark.
func (m *machine) collect(argument) error {
	if _, err := m.popMark(); err != nil {
		return err
	}
	return m.push(anything)
}

func (m *machine) add(argument) error {
	if _, err := m.pop(); err != nil {
		return err
	}
	return m.needsOne(argument{})
}

func (m *machine) addAll(argument) error {
	if _, err := m.popMark(); err != nil {
		return err
	}
	return m.needsOne(argument{})
}
