package modelfile

import (
	"fmt"
	"math/bits"
	"slices"
)

// Bounds on a GGUF header; llama.cpp's own are of the same order.
const (
	maxKeys    = 1 << 16
	maxTensors = 1 << 20
	maxShape   = 8
)

// blocks are the numbers in a block of each tensor type, and the bytes that a
// block takes (ggml/src/ggml.c; gguf-py 0.19, GGML_QUANT_SIZES).
var blocks = map[uint64][2]uint64{
	0: {1, 4}, 1: {1, 2}, 2: {32, 18}, 3: {32, 20}, 6: {32, 22}, 7: {32, 24}, 8: {32, 34}, 9: {32, 40}, 10: {256, 84},
	11: {256, 110}, 12: {256, 144}, 13: {256, 176}, 14: {256, 210}, 15: {256, 292}, 16: {256, 66}, 17: {256, 74},
	18: {256, 98}, 19: {256, 50}, 20: {32, 18}, 21: {256, 110}, 22: {256, 82}, 23: {256, 136}, 24: {1, 1}, 25: {1, 2},
	26: {1, 4}, 27: {1, 8}, 28: {1, 8}, 29: {256, 56}, 30: {1, 2}, 34: {256, 54}, 35: {256, 66}, 39: {32, 17},
}

// scalars are the sizes of the value types that have one (docs/gguf.md of ggml).
var scalars = map[uint64]uint64{0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

const (
	valueText  = 8
	valueArray = 9
)

// ggufHeader reads the header from front to back. After the first failure
// every number is 0.
type ggufHeader struct {
	*cursor
	*inspector
	at        place
	err       error
	alignment uint64
}

// lookGGUF knows the four letters that the format begins with.
func lookGGUF(i *inspector, s source, at place) (sight, bool) {
	if string(s.at(0, 4)) != "GGUF" {
		return sight{}, false
	}
	h := &ggufHeader{cursor: s.cursor(4), inspector: i, at: at, alignment: 32}
	if version := h.u(4); version != 2 && version != 3 {
		i.find(at, Unread, fmt.Sprintf("GGUF of version %d", version), 4)
		return seen(GGUF), true
	}
	tensors, keys := h.u(8), h.u(8)
	if tensors > maxTensors || keys > maxKeys {
		i.find(at, Bounds, fmt.Sprintf("%d tensors and %d keys", tensors, keys), 8)
		return seen(GGUF), true
	}
	for n := uint64(0); n < keys && h.err == nil; n++ {
		h.pair()
	}
	ends := h.extents(tensors)
	if h.err != nil {
		i.find(at, Bounds, "its header: "+h.err.Error(), h.cursor.offset)
		return seen(GGUF), true
	}
	h.hold(ends)
	return seen(GGUF), true
}

func (h *ggufHeader) u(size int) uint64 {
	if h.err != nil {
		return 0
	}
	value, err := h.number(size)
	h.err = err
	return value
}

// text is up to maxText bytes of a string.
func (h *ggufHeader) text() string {
	size := h.u(8)
	if h.err != nil {
		return ""
	}
	ahead := string(h.peek(int(min(size, maxText))))
	h.err = h.skip(size)
	return ahead
}

func (h *ggufHeader) pair() {
	offset := h.cursor.offset
	key, kind := h.text(), h.u(4)
	switch {
	case key == "general.alignment" && kind == 4:
		h.alignment = h.u(4)
		if h.err == nil && (bits.OnesCount64(h.alignment) != 1 || h.alignment < 8) {
			h.err = fmt.Errorf("its alignment is %d", h.alignment)
		}
		return
	case key == "tokenizer.chat_template" || len(key) > 23 && key[:24] == "tokenizer.chat_template.":
		h.note(h.at, "a chat template (Jinja), which the server fills in: "+shorten(key), offset)
	}
	h.value(kind, 0)
}

func (h *ggufHeader) value(kind uint64, depth int) {
	size, scalar := scalars[kind]
	switch {
	case h.err != nil:
	case !h.step() || depth > maxDepth:
		h.err = fmt.Errorf("it is deeper or longer than is looked into")
	case scalar:
		h.err = h.skip(size)
	case kind == valueText:
		h.text()
	case kind == valueArray:
		h.array(depth)
	default:
		h.err = fmt.Errorf("a value of type %d", kind)
	}
}

func (h *ggufHeader) array(depth int) {
	kind, count := h.u(4), h.u(8)
	if size, scalar := scalars[kind]; scalar && h.err == nil {
		high, total := bits.Mul64(size, count)
		h.err = h.skip(total)
		if high != 0 {
			h.err = fmt.Errorf("an array of %d values", count)
		}
		return
	}
	for n := uint64(0); n < count && h.err == nil; n++ {
		h.value(kind, depth+1)
	}
}

// extents is where each tensor begins and ends, behind the header.
func (h *ggufHeader) extents(tensors uint64) [][2]uint64 {
	var all [][2]uint64
	names := map[string]bool{}
	for n := uint64(0); n < tensors && h.err == nil; n++ {
		name, dimensions := h.text(), h.u(4)
		if dimensions > maxShape || names[name] {
			h.err = fmt.Errorf("tensor %s has %d dimensions, or stands twice", shorten(name), dimensions)
			break
		}
		names[name] = true
		count, high := uint64(1), uint64(0)
		for d := uint64(0); d < dimensions; d++ {
			over, low := bits.Mul64(count, h.u(8))
			count, high = low, high|over
		}
		kind, offset := h.u(4), h.u(8)
		size, ok := blockSize(kind, count)
		if h.err == nil && (!ok || high != 0 || offset%h.alignment != 0 || offset+size < offset) {
			h.err = fmt.Errorf("tensor %s has a type, a shape or an offset that cannot be", shorten(name))
		}
		all = append(all, [2]uint64{offset, offset + size})
	}
	return all
}

func blockSize(kind, count uint64) (uint64, bool) {
	block, known := blocks[kind]
	if !known || count%block[0] != 0 {
		return 0, false
	}
	high, size := bits.Mul64(count/block[0], block[1])
	return size, high == 0
}

// hold compares the extents with the file and with each other.
func (h *ggufHeader) hold(extents [][2]uint64) {
	from := (uint64(h.cursor.offset) + h.alignment - 1) / h.alignment * h.alignment
	slices.SortFunc(extents, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	end := uint64(0)
	for _, one := range extents {
		switch {
		case one[0] < end:
			h.find(h.at, Bounds, "tensors overlap", int64(from+one[0]))
		case from > uint64(h.size) || one[1] > uint64(h.size)-from:
			h.find(h.at, Bounds, "a tensor leads out of the file", int64(from))
			return
		}
		end = max(end, one[1])
	}
}
