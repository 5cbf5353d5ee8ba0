package modelfile

import (
	"bytes"
	"strings"
)

// Classes of HDF5 datatypes that hold text.
const (
	classText    = 3
	classVarying = 9
)

// attribute looks into what Keras writes beside the root group: model_config is
// the JSON of every layer (keras/src/legacy/saving/legacy_h5_format.py).
func (h *hdf5) attribute(content source) error {
	c := content.cursor(0)
	fixed, err := c.take(8)
	if err != nil {
		return errHDF5
	}
	version, flags := fixed[0], fixed[1]
	sizes := [3]int64{int64(little.Uint16(fixed[2:])), int64(little.Uint16(fixed[4:])), int64(little.Uint16(fixed[6:]))}
	var parts [3]string // name, datatype, dataspace
	if version == 3 {
		c.offset++ // character set
	}
	for n, size := range sizes {
		part, err := c.take(int(size))
		if err != nil {
			return errHDF5
		}
		parts[n] = string(part)
		if version == 1 {
			c.offset += (8 - size%8) % 8
		}
	}
	name := strings.TrimRight(parts[0], "\x00")
	said, readable := h.text(c, parts[1])
	if version != 1 && flags&1 != 0 {
		readable = false // its type is kept elsewhere
	}
	switch {
	case !readable && name == "model_config":
		h.find(h.place, Unread, "HDF5: model_config is no text that is read", 0)
	case readable && len(said) > 0 && said[0] == '{':
		h.layers(said, name)
	}
	return nil
}

func (h *hdf5) layers(said []byte, name string) {
	document, err := parseJSON(said, h.step)
	if err != nil {
		h.find(h.place, Malformed, "HDF5: the JSON of attribute "+shorten(name)+": "+err.Error(), 0)
	}
	h.config(document, h.place)
}

// text is the value of an attribute, of fixed size or in the global heap.
func (h *hdf5) text(c *cursor, datatype string) ([]byte, bool) {
	if len(datatype) < 8 {
		return nil, false
	}
	switch class := datatype[0] & 0x0f; {
	case class == classText:
		said, ok := h.read(c.source, c.offset, int64(little.Uint32([]byte(datatype[4:8]))))
		return trimmed(said), ok
	case class == classVarying && datatype[1]&0x0f == 1:
		if c.skip(4) != nil { // its length; the heap tells it again
			return nil, false
		}
		heap, err := h.address(c)
		if err != nil || heap == undefined {
			return nil, false
		}
		index, err := c.number(4)
		if err != nil {
			return nil, false
		}
		return h.kept(heap, index)
	}
	return nil, false
}

func trimmed(said []byte) []byte { return bytes.TrimSpace(bytes.TrimRight(said, "\x00")) }

// kept is an object of a global heap collection.
func (h *hdf5) kept(heap int64, index uint64) ([]byte, bool) {
	c, err := h.begin(heap, "GCOL")
	if err != nil || c.skip(4) != nil {
		return nil, false
	}
	collection, err := c.number(h.lengths)
	if err != nil || collection > uint64(h.source.size-h.base-heap) {
		return nil, false
	}
	end := h.base + heap + int64(collection)
	for c.offset < end && h.step() {
		fixed, err := c.take(8)
		if err != nil {
			return nil, false
		}
		number := uint64(little.Uint16(fixed))
		size, err := c.number(h.lengths)
		if err != nil || number == 0 || size > uint64(c.left()) {
			return nil, false
		}
		if number == index {
			said, ok := h.read(c.source, c.offset, int64(size))
			return trimmed(said), ok
		}
		if c.skip(size+(8-size%8)%8) != nil {
			return nil, false
		}
	}
	return nil, false
}
