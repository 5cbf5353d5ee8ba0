package modelfile

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
)

// arrayWrapper is what joblib.dump puts in the place of an array: BUILD has
// hardly given it its state when joblib.load reads the array itself from the
// stream, and only then the next opcode (joblib/numpy_pickle.py, read_array).
const arrayWrapper = "joblib.numpy_pickle.NumpyArrayWrapper"

// maxItems is how many keys a wrapper, and dimensions an array, may have; numpy
// knows 64.
const maxItems = 64

var errUnsized = errors.New("an array between the opcodes has a size that only running the pickle would tell")

// array reads past what joblib.load would read. An array of objects is one
// more pickle, without padding before it.
func (m *machine) array(state *value) error {
	if len(state.items) > 2*maxItems {
		return errUnsized
	}
	dtype := state.get("dtype")
	if !dtype.madeBy("numpy.dtype") || dtype.item(0).shape != text {
		return errUnsized
	}
	if name := dtype.item(0).text; name == "O" || name == "O8" || name == "O4" {
		return m.objects()
	}
	if err := m.padding(state); err != nil {
		return err
	}
	size, err := itemSize(dtype.item(0).text)
	if err != nil {
		return err
	}
	count, err := elements(state.get("shape"))
	if err != nil {
		return err
	}
	high, total := bits.Mul64(count, size)
	if high != 0 {
		return errUnsized
	}
	return m.skip(total)
}

// padding is one byte that tells how many follow it; since joblib 1.1.
func (m *machine) padding(state *value) error {
	if state.get("numpy_array_alignment_bytes").shape != number {
		return nil
	}
	length, err := m.number(1)
	if err != nil {
		return err
	}
	return m.skip(length)
}

func (m *machine) objects() error {
	if m.nest >= maxNest {
		return errTooMuch
	}
	if err := newMachine(m.cursor, m.trace, false, m.nest+1).walk(); err != nil {
		return fmt.Errorf("an array of objects: %w", err)
	}
	return nil
}

// itemSize reads "f8". Structured arrays ("V16") say in another place what they
// are made of, and are not read.
func itemSize(dtype string) (uint64, error) {
	if dtype == "" {
		return 0, errUnsized
	}
	size, err := strconv.ParseUint(dtype[1:], 10, 32)
	if err != nil {
		return 0, errUnsized
	}
	switch dtype[0] {
	case 'b', 'i', 'u', 'f', 'c', 'S', 'm', 'M':
		return size, nil
	case 'U':
		return 4 * size, nil
	}
	return 0, errUnsized
}

func elements(shape *value) (uint64, error) {
	if shape.shape != tuple || len(shape.items) > maxItems {
		return 0, errUnsized
	}
	count := uint64(1)
	for _, dimension := range shape.items {
		if dimension.shape != number || dimension.number < 0 {
			return 0, errUnsized
		}
		high, low := bits.Mul64(count, uint64(dimension.number))
		if high != 0 {
			return 0, errUnsized
		}
		count = low
	}
	return count, nil
}
