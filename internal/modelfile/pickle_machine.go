package modelfile

import (
	"errors"
	"fmt"
	"io"
)

var (
	errStopped   = errors.New("the pickle has ended")
	errUnderflow = errors.New("an opcode takes more from the stack than is there")
	errTooMuch   = errors.New("a pickle with more steps, or a deeper stack, than is looked into")
)

const (
	maxStack = 1 << 20
	maxNest  = 8 // pickles within arrays of pickles
)

// machine walks the opcodes of one pickle as CPython's Modules/_pickle.c would,
// imports nothing and calls nothing. It is never stricter than CPython on a
// pickle that CPython runs: what it took for an error would hide what follows.
type machine struct {
	*cursor
	trace  *trace
	arrays bool // joblib.load reads: arrays stand between the opcodes
	nest   int

	stack []*value
	marks []int // how high the stack was
	memo  map[int64]*value
	frame int64 // where the frame ends
	began int64 // where the opcode begins
}

func newMachine(c *cursor, t *trace, arrays bool, nest int) *machine {
	return &machine{cursor: c, trace: t, arrays: arrays, nest: nest, memo: map[int64]*value{}}
}

// walk runs to the STOP, or to the error that would end the unpickler.
func (m *machine) walk() error {
	for {
		m.began = m.offset
		code, err := m.take(1)
		if err != nil {
			return err
		}
		op := opcodes[code[0]]
		if op.run == nil {
			return fmt.Errorf("0x%02x is no opcode", code[0])
		}
		if !m.trace.step() {
			return errTooMuch
		}
		with, err := op.read(m.cursor)
		m.framed()
		if err == nil {
			err = op.run(m, with)
		}
		switch {
		case errors.Is(err, errStopped):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", op.name, err)
		}
	}
}

// framed reports an argument that lies across the end of a frame (PEP 3154). No
// pickler writes one, and CPython forgets the part that lies in the frame: it
// would read other names, and other places of the memo, than stand there.
func (m *machine) framed() {
	if m.began < m.frame && m.offset > m.frame {
		m.tear()
	}
}

func (m *machine) tear() {
	m.trace.torn = true
	m.trace.find(Malformed, "an opcode that lies across the end of a frame, which unpicklers read in different ways", m.began)
}

func (m *machine) newFrame(length argument) error {
	if m.offset < m.frame {
		m.tear()
	}
	m.frame = m.offset + length.number
	if length.number < 0 || m.frame > m.size {
		m.frame = 0
		return io.ErrUnexpectedEOF
	}
	return nil
}

// fence is the height under which nothing may be taken: what lies there is for
// after the mark.
func (m *machine) fence() int {
	if len(m.marks) == 0 {
		return 0
	}
	return m.marks[len(m.marks)-1]
}

func (m *machine) push(v *value) error {
	if len(m.stack) >= maxStack {
		return errTooMuch
	}
	m.stack = append(m.stack, v)
	return nil
}

func (m *machine) pop() (*value, error) {
	if len(m.stack) <= m.fence() {
		return nil, errUnderflow
	}
	top := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return top, nil
}

// pops is the last n values, the deepest first.
func (m *machine) pops(n int) ([]*value, error) {
	if len(m.stack)-m.fence() < n {
		return nil, errUnderflow
	}
	return m.cut(len(m.stack) - n), nil
}

// popMark is all that stands above the last mark.
func (m *machine) popMark() ([]*value, error) {
	if len(m.marks) == 0 {
		return nil, errors.New("there is no mark")
	}
	from := m.fence()
	m.marks = m.marks[:len(m.marks)-1]
	return m.cut(from), nil
}

func (m *machine) cut(from int) []*value {
	taken := append([]*value(nil), m.stack[from:]...)
	m.stack = m.stack[:from]
	return taken
}

func (m *machine) top() (*value, error) {
	if len(m.stack) <= m.fence() {
		return nil, errUnderflow
	}
	return m.stack[len(m.stack)-1], nil
}

func (m *machine) mark(argument) error {
	if len(m.marks) >= maxStack {
		return errTooMuch
	}
	m.marks = append(m.marks, len(m.stack))
	return nil
}

func (m *machine) stop(argument) error {
	if _, err := m.pop(); err != nil {
		return err
	}
	return errStopped
}

// drop takes a mark away where one is on top, as CPython does.
func (m *machine) drop(argument) error {
	if len(m.marks) > 0 && m.fence() == len(m.stack) {
		m.marks = m.marks[:len(m.marks)-1]
		return nil
	}
	_, err := m.pop()
	return err
}

func (m *machine) dropToMark(argument) error {
	_, err := m.popMark()
	return err
}

func (m *machine) duplicate(argument) error {
	top, err := m.top()
	if err != nil {
		return err
	}
	return m.push(top)
}

func (m *machine) needsOne(argument) error {
	_, err := m.top()
	return err
}

func (m *machine) proto(version argument) error {
	if version.number > 5 {
		return fmt.Errorf("there is no protocol %d", version.number)
	}
	return nil
}

func (m *machine) put(index argument) error {
	top, err := m.top()
	if err != nil {
		return err
	}
	m.memo[index.number] = top
	return nil
}

func (m *machine) memoize(argument) error {
	return m.put(argument{number: int64(len(m.memo))})
}

func (m *machine) get(index argument) error {
	kept, there := m.memo[index.number]
	if !there {
		return fmt.Errorf("the memo has no %d", index.number)
	}
	return m.push(kept)
}
