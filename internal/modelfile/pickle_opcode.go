package modelfile

import (
	"fmt"
	"strconv"
	"strings"
)

// argument is what follows an opcode in the stream.
type argument struct {
	number int64
	text   string // up to maxText bytes
	long   bool   // the text is longer, and was skipped
	second string // the second of two lines
}

// layout is how an argument is written.
type layout func(*cursor) (argument, error)

const maxText = 1024 // no module or attribute has a longer name

func nothing(*cursor) (argument, error) { return argument{}, nil }

func unsigned(n int) layout {
	return func(c *cursor) (argument, error) {
		number, err := c.number(n)
		return argument{number: int64(number)}, err
	}
}

func int4(c *cursor) (argument, error) {
	number, err := c.number(4)
	return argument{number: int64(int32(number))}, err
}

// sized is a length of n bytes and so many bytes.
func sized(n int) layout {
	return func(c *cursor) (argument, error) {
		length, err := c.number(n)
		if err != nil {
			return argument{}, err
		}
		return body(c, length)
	}
}

// signed4 is a length that may not be negative, of protocols 1 and 2.
func signed4(c *cursor) (argument, error) {
	length, err := c.number(4)
	if err == nil && length > 1<<31-1 {
		err = fmt.Errorf("a length is negative")
	}
	if err != nil {
		return argument{}, err
	}
	return body(c, length)
}

func body(c *cursor, length uint64) (argument, error) {
	if length > maxText {
		return argument{long: true}, c.skip(length)
	}
	content, err := c.take(int(length))
	return argument{text: string(content)}, err
}

func oneLine(c *cursor) (argument, error) {
	line, long, err := c.line()
	return argument{text: line, long: long}, err
}

func twoLines(c *cursor) (argument, error) {
	first, err := oneLine(c)
	if err != nil {
		return argument{}, err
	}
	second, err := oneLine(c)
	return argument{text: first.text, second: second.text, long: first.long || second.long}, err
}

// numberLine is a number in text, as Python's int(line, base) reads it: with
// underscores and, at base 0, as 0x10. One of more than 64 bits is no index and
// no size. Other letters end the pickle, so that a text is not taken for one.
func numberLine(letters string, base int) layout {
	return func(c *cursor) (argument, error) {
		line, err := oneLine(c)
		if err != nil {
			return argument{}, err
		}
		trimmed := strings.TrimSpace(line.text)
		if trimmed == "" || strings.Trim(trimmed, letters) != "" {
			return argument{}, fmt.Errorf("a number is not one")
		}
		plain := strings.ReplaceAll(strings.TrimSuffix(trimmed, "L"), "_", "")
		number, err := strconv.ParseInt(plain, base, 64)
		if err != nil || line.long {
			number = -1
		}
		return argument{number: number}, nil
	}
}

var (
	indexLine   = numberLine("0123456789_+-", 10)
	integerLine = numberLine("0123456789abcdefABCDEFxXoOL_+-", 0)
	floatLine   = numberLine("0123456789eE+-._infatyINFATY", 0)
)

// opcode is one instruction of the pickle machine.
type opcode struct {
	name string
	read layout
	run  func(*machine, argument) error
}

// opcodes are all 68 of Lib/pickletools.py (CPython 3.11; protocol 5, PEP 574).
var opcodes [256]opcode

func init() {
	for code, one := range map[byte]opcode{
		'(': {"MARK", nothing, (*machine).mark}, '.': {"STOP", nothing, (*machine).stop},
		'0': {"POP", nothing, (*machine).drop}, '1': {"POP_MARK", nothing, (*machine).dropToMark}, '2': {"DUP", nothing, (*machine).duplicate},
		0x80: {"PROTO", unsigned(1), (*machine).proto}, 0x95: {"FRAME", unsigned(8), (*machine).newFrame},

		'I': {"INT", integerLine, (*machine).integer}, 'L': {"LONG", integerLine, (*machine).integer},
		'J': {"BININT", int4, (*machine).integer}, 'K': {"BININT1", unsigned(1), (*machine).integer}, 'M': {"BININT2", unsigned(2), (*machine).integer},
		0x8a: {"LONG1", sized(1), (*machine).long}, 0x8b: {"LONG4", signed4, (*machine).long},
		'F': {"FLOAT", floatLine, (*machine).anything}, 'G': {"BINFLOAT", unsigned(8), (*machine).anything},
		'N': {"NONE", nothing, (*machine).anything}, 0x88: {"NEWTRUE", nothing, (*machine).anything}, 0x89: {"NEWFALSE", nothing, (*machine).anything},

		'S': {"STRING", oneLine, (*machine).quoted}, 'V': {"UNICODE", oneLine, (*machine).escaped},
		'T': {"BINSTRING", signed4, (*machine).text}, 'U': {"SHORT_BINSTRING", sized(1), (*machine).text},
		'X': {"BINUNICODE", sized(4), (*machine).text}, 0x8c: {"SHORT_BINUNICODE", sized(1), (*machine).text}, 0x8d: {"BINUNICODE8", sized(8), (*machine).text},
		'B': {"BINBYTES", sized(4), (*machine).anything}, 'C': {"SHORT_BINBYTES", sized(1), (*machine).anything},
		0x8e: {"BINBYTES8", sized(8), (*machine).anything}, 0x96: {"BYTEARRAY8", sized(8), (*machine).anything},
		0x97: {"NEXT_BUFFER", nothing, (*machine).anything}, 0x98: {"READONLY_BUFFER", nothing, (*machine).needsOne},

		')': {"EMPTY_TUPLE", nothing, (*machine).emptyTuple}, 't': {"TUPLE", nothing, (*machine).tuple},
		0x85: {"TUPLE1", nothing, tupleOf(1)}, 0x86: {"TUPLE2", nothing, tupleOf(2)}, 0x87: {"TUPLE3", nothing, tupleOf(3)},
		']': {"EMPTY_LIST", nothing, (*machine).anything}, 'l': {"LIST", nothing, (*machine).collect},
		'a': {"APPEND", nothing, (*machine).add}, 'e': {"APPENDS", nothing, (*machine).addAll},
		'}': {"EMPTY_DICT", nothing, (*machine).emptyDict}, 'd': {"DICT", nothing, (*machine).dict},
		's': {"SETITEM", nothing, (*machine).set}, 'u': {"SETITEMS", nothing, (*machine).setAll},
		0x8f: {"EMPTY_SET", nothing, (*machine).anything}, 0x90: {"ADDITEMS", nothing, (*machine).addAll}, 0x91: {"FROZENSET", nothing, (*machine).collect},

		'p': {"PUT", indexLine, (*machine).put}, 'q': {"BINPUT", unsigned(1), (*machine).put}, 'r': {"LONG_BINPUT", unsigned(4), (*machine).put},
		'g': {"GET", indexLine, (*machine).get}, 'h': {"BINGET", unsigned(1), (*machine).get}, 'j': {"LONG_BINGET", unsigned(4), (*machine).get},
		0x94: {"MEMOIZE", nothing, (*machine).memoize},

		'c': {"GLOBAL", twoLines, (*machine).global}, 0x93: {"STACK_GLOBAL", nothing, (*machine).stackGlobal},
		0x82: {"EXT1", unsigned(1), (*machine).extension}, 0x83: {"EXT2", unsigned(2), (*machine).extension}, 0x84: {"EXT4", int4, (*machine).extension},
		'R': {"REDUCE", nothing, (*machine).reduce}, 'b': {"BUILD", nothing, (*machine).build},
		'i': {"INST", twoLines, (*machine).inst}, 'o': {"OBJ", nothing, (*machine).obj},
		0x81: {"NEWOBJ", nothing, (*machine).reduce}, 0x92: {"NEWOBJ_EX", nothing, (*machine).newObjectEx},
		'P': {"PERSID", oneLine, (*machine).persistent}, 'Q': {"BINPERSID", nothing, (*machine).binaryPersistent},
	} {
		opcodes[code] = one
	}
}
