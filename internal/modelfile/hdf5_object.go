package modelfile

import "strings"

// Types of the messages in an object's header that lead on or reach out.
const (
	messageLinkInfo      = 0x02
	messageLink          = 0x06
	messageExternal      = 0x07
	messageLayout        = 0x08
	messageAttribute     = 0x0c
	messageContinuation  = 0x10
	messageTable         = 0x11
	messageAttributeInfo = 0x15
)

const flagShared = 2

// block is a run of messages; those of version 2 may tell their order.
type block struct {
	at, size int64
	version  int
	ordered  bool
}

// prefix is how many bytes stand before the content of a message.
func (b block) prefix() int64 {
	switch {
	case b.version == 1:
		return 8
	case b.ordered:
		return 6
	}
	return 4
}

// object walks the header of a group or a dataset.
func (h *hdf5) object(header int64) error {
	first, err := h.header(header)
	if err != nil {
		return err
	}
	for todo := []block{first}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		err := h.block(next, func(kind int, content source) error {
			if kind != messageContinuation {
				return h.message(kind, content)
			}
			more, err := h.continuation(content, next)
			todo = append(todo, more)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *hdf5) header(header int64) (block, error) {
	at := h.base + header
	if string(h.at(at, 4)) != "OHDR" {
		fixed := h.at(at, 16)
		if len(fixed) < 16 || fixed[0] != 1 {
			return block{}, errHDF5
		}
		return block{at + 16, int64(little.Uint32(fixed[8:])), 1, false}, nil
	}
	c := h.cursor(at + 5)
	flags, err := c.number(1)
	if err != nil {
		return block{}, errHDF5
	}
	if flags&0x20 != 0 {
		c.offset += 16 // times
	}
	if flags&0x10 != 0 {
		c.offset += 4 // how many attributes stay in the header
	}
	size, err := c.number(1 << (flags & 3))
	if err != nil || size > uint64(h.size) {
		return block{}, errHDF5
	}
	return block{c.offset, int64(size), 2, flags&4 != 0}, nil
}

func (h *hdf5) continuation(content source, of block) (block, error) {
	c := content.cursor(0)
	address, err := h.address(c)
	if err != nil || address == undefined {
		return block{}, errHDF5
	}
	size, err := c.number(h.lengths)
	if err != nil || size > uint64(h.size) {
		return block{}, errHDF5
	}
	next := block{h.base + address, int64(size), of.version, of.ordered}
	if of.version == 2 {
		if _, err := h.begin(address, "OCHK"); err != nil || size < 8 {
			return block{}, errHDF5
		}
		next.at, next.size = next.at+4, next.size-8
	}
	return next, nil
}

// block visits the messages that stand in one run. What is left at its end and
// too short for a message is a gap.
func (h *hdf5) block(b block, visit func(kind int, content source) error) error {
	if b.at+b.size > h.size {
		return errHDF5
	}
	c := h.part(b.at, b.size).cursor(0)
	for c.left() >= b.prefix() {
		if !h.step() {
			return errTooMuch
		}
		fixed, err := c.take(int(b.prefix()))
		if err != nil {
			return errHDF5
		}
		kind, size, flags := int(fixed[0]), uint64(little.Uint16(fixed[1:])), fixed[3]
		if b.version == 1 {
			kind, size, flags = int(little.Uint16(fixed)), uint64(little.Uint16(fixed[2:])), fixed[4]
		}
		content := h.part(b.at+c.offset, int64(size))
		if c.skip(size) != nil {
			return errHDF5
		}
		if flags&flagShared != 0 && (kind == messageAttribute || kind == messageLink) {
			h.tell(errShared, b.at+c.offset)
			continue
		}
		if err := visit(kind, content); err != nil {
			return err
		}
	}
	return nil
}

func (h *hdf5) message(kind int, content source) error {
	switch kind {
	case messageTable:
		tree, err := h.address(content.cursor(0))
		if err != nil || tree == undefined {
			return errHDF5
		}
		return h.table(tree)
	case messageLinkInfo:
		return h.dense(content, 8)
	case messageAttributeInfo:
		return h.dense(content, 2)
	case messageLink:
		return h.link(content)
	case messageAttribute:
		return h.attribute(content)
	case messageExternal:
		h.find(h.place, Outside, "HDF5: a dataset keeps its numbers in other files", 0)
	case messageLayout:
		if head := content.at(0, 2); len(head) == 2 && head[0] >= 4 && head[1] == 3 {
			h.find(h.place, Outside, "HDF5: a virtual dataset, made of parts of other files", 0)
		}
	}
	return nil
}

// dense says so where links or attributes are kept in a heap of their own.
func (h *hdf5) dense(content source, counter int64) error {
	c := content.cursor(1)
	flags, err := c.number(1)
	if err != nil {
		return errHDF5
	}
	if flags&1 != 0 {
		c.offset += counter
	}
	heap, err := h.address(c)
	if err == nil && heap != undefined {
		h.tell(errDense, h.base+heap)
	}
	return err
}

// link is a name of an object; the kind is 0 for one in this file, 1 for a
// path in it, 64 for a path in another file.
func (h *hdf5) link(content source) error {
	c := content.cursor(1)
	flags, err := c.number(1)
	kind := uint64(0)
	if err == nil && flags&8 != 0 {
		kind, err = c.number(1)
	}
	if flags&4 != 0 {
		c.offset += 8 // order of creation
	}
	if flags&0x10 != 0 {
		c.offset++ // character set
	}
	if err != nil {
		return errHDF5
	}
	size, err := c.number(1 << (flags & 3))
	if err != nil || c.skip(size) != nil {
		return errHDF5
	}
	switch kind {
	case 0:
		header, err := h.address(c)
		h.reach(header)
		return err
	case 64:
		if c.skip(3) != nil { // the length, and flags
			return errHDF5
		}
		target, _, _ := strings.Cut(string(c.peek(maxText)), "\x00")
		h.find(h.place, Outside, "HDF5: a link into the file "+shorten(target), 0)
	}
	return nil
}
