package modelfile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

const (
	maxSafetensorsHeader = 100_000_000 // the format's own bound (safetensors/src/tensor.rs)
	maxHeader            = 32 << 20    // ours
)

// widths is how many bits one number of a type takes.
var widths = map[string]uint64{
	"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
	"I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64, "C64": 64,
}

// tensor is one entry of the header of safetensors.
type tensor struct {
	name, kind string
	shape      []uint64
	offsets    []uint64 // where it begins and ends, behind the header
}

// lookSafetensors knows a length of 8 bytes, of which one at least is no
// letter, and the brace of a header (https://github.com/huggingface/safetensors,
// "Format").
func lookSafetensors(i *inspector, s source, at place) (sight, bool) {
	head := s.at(0, 9)
	if len(head) < 9 || head[8] != '{' || plain(head[:8]) {
		return sight{}, false
	}
	size := littleEndian(head[:8])
	switch {
	case size > maxSafetensorsHeader || size > uint64(s.size-8):
		i.find(at, Bounds, fmt.Sprintf("a header of %d bytes", size), 0)
	case size > maxHeader:
		i.find(at, Unread, fmt.Sprintf("a header of more than %d MiB", maxHeader>>20), 0)
	default:
		tensors, err := parseSafetensors(s.at(8, int(size)), i.step)
		if err != nil {
			i.find(at, Malformed, "its header: "+err.Error(), 8)
			break
		}
		i.tensors(tensors, uint64(s.size-8)-size, at)
	}
	return seen(Safetensors), true
}

// parseSafetensors is stricter than JSON: no key twice, no field that the
// format does not have, nothing behind the object but spaces.
func parseSafetensors(header []byte, step func() bool) ([]tensor, error) {
	outline, err := parseJSON(bytes.TrimRight(header, " "), step)
	if err != nil {
		return nil, err
	}
	if len(outline.twice) > 0 {
		return nil, fmt.Errorf("the key %s stands twice", shorten(outline.twice[0]))
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(header, &entries); err != nil {
		return nil, err
	}
	if about, is := entries["__metadata__"]; is {
		if err := json.Unmarshal(about, &map[string]string{}); err != nil {
			return nil, err
		}
		delete(entries, "__metadata__")
	}
	var all []tensor
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		one, err := parseTensor(name, entries[name])
		if err != nil {
			return nil, fmt.Errorf("tensor %s: %w", shorten(name), err)
		}
		all = append(all, one)
	}
	return all, nil
}

// parseTensor reads one entry key by key: encoding/json would take "DTYPE" for
// "dtype" as well.
func parseTensor(name string, entry []byte) (tensor, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(entry, &fields); err != nil {
		return tensor{}, err
	}
	one := tensor{name: name}
	for _, part := range []struct {
		key  string
		into any
	}{{"dtype", &one.kind}, {"shape", &one.shape}, {"data_offsets", &one.offsets}} {
		said, there := fields[part.key]
		if !there {
			return tensor{}, fmt.Errorf("it has no %s", part.key)
		}
		if err := json.Unmarshal(said, part.into); err != nil {
			return tensor{}, fmt.Errorf("%s: %w", part.key, err)
		}
	}
	if len(fields) != 3 {
		return tensor{}, fmt.Errorf("it has %d fields and not 3", len(fields))
	}
	return one, nil
}

// tensors demands that the tensors cover the bytes that follow, each of them
// once: what no tensor covers can be anything.
func (i *inspector) tensors(all []tensor, size uint64, at place) {
	for _, one := range all {
		if problem := one.problem(size); problem != "" {
			i.find(at, Bounds, "tensor "+shorten(one.name)+" "+problem, 8)
			return
		}
	}
	slices.SortStableFunc(all, func(a, b tensor) int {
		if a.offsets[0] != b.offsets[0] {
			return cmp.Compare(a.offsets[0], b.offsets[0])
		}
		return cmp.Compare(a.offsets[1], b.offsets[1])
	})
	end := uint64(0)
	for _, one := range all {
		if one.offsets[0] != end {
			i.find(at, Bounds, "tensor "+shorten(one.name)+" does not begin where the one before it ends", 8)
			return
		}
		end = one.offsets[1]
	}
	if end != size {
		i.find(at, Bounds, "bytes follow the last tensor", 8)
	}
}

func (t tensor) problem(size uint64) string {
	width, known := widths[t.kind]
	switch {
	case !known:
		return "has the type " + shorten(t.kind)
	case len(t.offsets) != 2 || t.offsets[0] > t.offsets[1] || t.offsets[1] > size:
		return "leads out of the file"
	}
	high := uint64(0)
	for _, dimension := range t.shape {
		if high, width = bits.Mul64(width, dimension); high != 0 {
			return "has more numbers than can be"
		}
	}
	if width%8 != 0 || width/8 != t.offsets[1]-t.offsets[0] {
		return "has another size than its shape and type say"
	}
	return ""
}
