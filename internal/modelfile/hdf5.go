package modelfile

import (
	"errors"
	"fmt"
)

const hdf5Mark = "\x89HDF\r\n\x1a\n"

var (
	errHDF5   = errors.New("a part of it is not where another part says")
	errDense  = errors.New("links or attributes in a fractal heap, which is not read")
	errShared = errors.New("a message that is kept elsewhere, which is not read")
)

// hdf5 walks the objects of one file (HDF5 File Format Specification 3.0,
// https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html).
type hdf5 struct {
	*inspector
	source
	place   place
	base    int64 // where the superblock stands; addresses count from here
	offsets int   // bytes of an address
	lengths int   // bytes of a length
	walked  map[int64]bool
	objects []int64 // headers that have still to be walked
}

// lookHDF5 finds the mark where the library looks for it: at the beginning, or
// behind a user block of 512 bytes, 1024, 2048 and so on.
func lookHDF5(i *inspector, s source, at place) (sight, bool) {
	for base := int64(0); base < s.size; base = max(512, base*2) {
		if string(s.at(base, len(hdf5Mark))) != hdf5Mark {
			continue
		}
		h := &hdf5{inspector: i, source: s, place: at, base: base, walked: map[int64]bool{}}
		if err := h.walk(); err != nil {
			h.tell(err, base)
		}
		return seen(HDF5), true
	}
	return sight{}, false
}

// tell reports what could not be walked; the rest of the file is walked.
func (h *hdf5) tell(err error, offset int64) {
	kind := Unread
	if errors.Is(err, errHDF5) {
		kind = Malformed
	}
	h.find(h.place, kind, "HDF5: "+err.Error(), offset)
}

func (h *hdf5) walk() error {
	root, err := h.superblock()
	if err != nil {
		return err
	}
	h.reach(root)
	for len(h.objects) > 0 {
		last := h.objects[len(h.objects)-1]
		h.objects = h.objects[:len(h.objects)-1]
		if !h.step() {
			return errTooMuch
		}
		if err := h.object(last); err != nil {
			h.tell(err, h.base+last)
		}
	}
	return nil
}

// superblock answers with the address of the root group's header.
func (h *hdf5) superblock() (int64, error) {
	c := h.cursor(h.base + int64(len(hdf5Mark)))
	version, err := c.number(1)
	if err != nil {
		return 0, errHDF5
	}
	sizes, behind := h.base+9, 0 // versions 2 and 3: base, extension, end, root
	switch version {
	case 0:
		sizes, behind = h.base+13, 9
	case 1:
		sizes, behind = h.base+13, 13
	case 2, 3:
		behind = 1
	default:
		return 0, fmt.Errorf("superblock of version %d", version)
	}
	both := h.at(sizes, 2)
	if len(both) < 2 || !widthOK(both[0]) || !widthOK(both[1]) {
		return 0, errHDF5
	}
	h.offsets, h.lengths = int(both[0]), int(both[1])
	addresses := 3
	if version < 2 {
		addresses = 5 // base, free space, end, driver, and the name of the root
	}
	c = h.cursor(sizes + 2 + int64(behind) + int64(addresses*h.offsets))
	return h.address(c)
}

func widthOK(bytes byte) bool { return bytes == 2 || bytes == 4 || bytes == 8 }

const undefined = -1

// address is relative to the base; undefined is all ones.
func (h *hdf5) address(c *cursor) (int64, error) {
	value, err := c.number(h.offsets)
	if err != nil {
		return 0, errHDF5
	}
	if value == 1<<(8*h.offsets)-1 || h.offsets == 8 && value == 1<<64-1 {
		return undefined, nil
	}
	if value > uint64(h.size-h.base) {
		return 0, errHDF5
	}
	return int64(value), nil
}

// reach sees to it that an object is walked, once.
func (h *hdf5) reach(header int64) {
	if header != undefined && !h.walked[header] {
		h.walked[header] = true
		h.objects = append(h.objects, header)
	}
}

// begin is a cursor behind a mark of four letters.
func (h *hdf5) begin(address int64, mark string) (*cursor, error) {
	c := h.cursor(h.base + address)
	taken, err := c.take(len(mark))
	if err != nil || string(taken) != mark {
		return nil, errHDF5
	}
	return c, nil
}

// table walks a group of the old kind: a tree of nodes of symbols.
func (h *hdf5) table(tree int64) error {
	todo := []int64{tree}
	for len(todo) > 0 {
		node := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if h.walked[node] {
			continue
		}
		h.walked[node] = true
		if string(h.at(h.base+node, 4)) == "SNOD" {
			if err := h.symbols(node); err != nil {
				return err
			}
			continue
		}
		children, err := h.branches(node)
		if err != nil {
			return err
		}
		todo = append(todo, children...)
	}
	return nil
}

func (h *hdf5) branches(node int64) ([]int64, error) {
	c, err := h.begin(node, "TREE")
	if err != nil {
		return nil, err
	}
	fixed, err := c.take(4)
	if err != nil || fixed[0] != 0 {
		return nil, errHDF5
	}
	count := int(little.Uint16(fixed[2:]))
	if c.skip(uint64(2*h.offsets)) != nil {
		return nil, errHDF5
	}
	var children []int64
	for range count {
		if !h.step() {
			return nil, errTooMuch
		}
		if c.skip(uint64(h.lengths)) != nil {
			return nil, errHDF5
		}
		child, err := h.address(c)
		if err != nil || child == undefined {
			return nil, errHDF5
		}
		children = append(children, child)
	}
	return children, nil
}

func (h *hdf5) symbols(node int64) error {
	c, err := h.begin(node, "SNOD")
	if err != nil {
		return err
	}
	fixed, err := c.take(4)
	if err != nil {
		return errHDF5
	}
	for range little.Uint16(fixed[2:]) {
		if !h.step() {
			return errTooMuch
		}
		if c.skip(uint64(h.offsets)) != nil {
			return errHDF5
		}
		header, err := h.address(c)
		if err != nil || c.skip(24) != nil {
			return errHDF5
		}
		h.reach(header) // undefined for a soft link
	}
	return nil
}
