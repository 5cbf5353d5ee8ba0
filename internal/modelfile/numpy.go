package modelfile

import (
	"fmt"
	"math/bits"
	"regexp"
	"strconv"
	"strings"
)

const arrayMark = "\x93NUMPY"

// simple is the header that numpy writes for an array of one plain type
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
var simple = regexp.MustCompile(`^\{'descr': '[<>|=]([biufcSUmMO])(\d*)(?:\[[^']*\])?', 'fortran_order': (?:True|False), 'shape': \(([\d, ]*)\), \}\s*$`)

// lookNumpy reads the header of a .npy file. An array of objects is a header
// with a pickle behind it.
func lookNumpy(i *inspector, s source, at place) (sight, bool) {
	head := s.at(0, 12)
	if len(head) < 10 || string(head[:6]) != arrayMark {
		return sight{}, false
	}
	size, from := littleEndian(head[8:10]), int64(10)
	if head[6] > 1 && len(head) == 12 {
		size, from = littleEndian(head[8:12]), 12
	}
	if size > maxLine*4 || int64(size) > s.size-from {
		i.find(at, Bounds, fmt.Sprintf("a header of %d bytes", size), from)
		return seen(Numpy), true
	}
	behind := from + int64(size)
	fields := simple.FindStringSubmatch(string(s.at(from, int(size))))
	if fields != nil && fields[1] != "O" {
		i.extent(fields, uint64(s.size-behind), at, behind)
		return seen(Numpy), true
	}
	found := i.look(s.part(behind, s.size-behind), at.member("objects"))
	if fields == nil && found.code == "" {
		i.find(at, Unread, "an array of a type that is not read", from)
	}
	return sight{Numpy, found.code}, true
}

// extent compares the size that a header announces with the bytes that follow.
func (i *inspector) extent(header []string, bytes uint64, at place, offset int64) {
	size, err := itemSize(header[1] + header[2])
	total := size
	for _, dimension := range strings.FieldsFunc(header[3], func(r rune) bool { return r == ',' || r == ' ' }) {
		n, parse := strconv.ParseUint(dimension, 10, 64)
		high, low := bits.Mul64(total, n)
		if total = low; parse != nil || high != 0 {
			err = errUnsized
		}
	}
	if err != nil || total != bytes {
		i.find(at, Bounds, fmt.Sprintf("the header announces another size than the %d bytes that follow", bytes), offset)
	}
}
