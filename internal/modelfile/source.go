package modelfile

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
)

// source is a run of bytes that can be read anywhere: a file, a part of one, or
// what was unpacked into memory.
type source struct {
	from io.ReaderAt
	size int64
}

func inMemory(content []byte) source { return source{bytes.NewReader(content), int64(len(content))} }

func (s source) part(from, size int64) source {
	return source{io.NewSectionReader(s.from, from, size), size}
}

func (s source) reader() *io.SectionReader { return io.NewSectionReader(s.from, 0, s.size) }

// at is the n bytes that begin at the offset; fewer at the end of the source,
// none outside it.
func (s source) at(offset int64, n int) []byte {
	if offset < 0 || offset >= s.size {
		return nil
	}
	into := make([]byte, min(int64(n), s.size-offset))
	read, _ := s.from.ReadAt(into, offset) // the file itself remembers what went wrong
	return into[:read]
}

// file is the outermost source. Readers of formats take every failure to read
// for the end of the content; a disk that broke, or a caller who has gone away,
// is kept here and ends the inspection.
type file struct {
	ctx  context.Context
	from io.ReaderAt
	err  error
}

func (f *file) ReadAt(into []byte, offset int64) (int, error) {
	if f.err == nil {
		f.err = f.ctx.Err()
	}
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.from.ReadAt(into, offset)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// window is how much a cursor reads at once, and the most that it can take.
const window = 64 << 10

// cursor reads a source from front to back.
type cursor struct {
	source
	offset int64
	held   []byte // bytes from heldAt on
	heldAt int64
}

func (s source) cursor(offset int64) *cursor { return &cursor{source: s, offset: offset} }

// peek is up to n bytes from here on, valid until the next call; fewer at the
// end only.
func (c *cursor) peek(n int) []byte {
	if from := c.offset - c.heldAt; from >= 0 && from+int64(n) <= int64(len(c.held)) {
		return c.held[from : from+int64(n)]
	}
	c.held, c.heldAt = c.at(c.offset, window), c.offset
	return c.held[:min(n, len(c.held))]
}

// ahead is what is held from here on; at the end of it, the next window.
func (c *cursor) ahead() []byte {
	if len(c.peek(1)) == 0 {
		return nil
	}
	return c.held[c.offset-c.heldAt:]
}

func (c *cursor) take(n int) ([]byte, error) {
	taken := c.peek(n)
	if len(taken) < n {
		return nil, io.ErrUnexpectedEOF
	}
	c.offset += int64(n)
	return taken, nil
}

func (c *cursor) skip(n uint64) error {
	if n > uint64(c.left()) {
		return io.ErrUnexpectedEOF
	}
	c.offset += int64(n)
	return nil
}

func (c *cursor) left() int64 { return c.size - c.offset }

// number is an unsigned little-endian number of n bytes.
func (c *cursor) number(n int) (uint64, error) {
	taken, err := c.take(n)
	if err != nil {
		return 0, err
	}
	return littleEndian(taken), nil
}

func littleEndian(bytes []byte) uint64 {
	var eight [8]byte
	copy(eight[:], bytes)
	return binary.LittleEndian.Uint64(eight[:])
}

// line is what stands before the next line feed, and whether it is longer than
// the maxLine bytes of it that are told.
func (c *cursor) line() (string, bool, error) {
	var told []byte
	long := false
	for {
		ahead := c.ahead()
		if len(ahead) == 0 {
			return "", false, io.ErrUnexpectedEOF
		}
		part, _, ended := bytes.Cut(ahead, []byte("\n"))
		c.offset += int64(len(part))
		room := maxLine - len(told)
		long = long || len(part) > room
		told = append(told, part[:min(len(part), room)]...)
		if ended {
			c.offset++
			return string(told), long, nil
		}
	}
}
