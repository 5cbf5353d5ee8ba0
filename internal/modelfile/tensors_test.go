package modelfile_test

import (
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

// safe is a safetensors file of that header and so many bytes behind it.
func safe(header string, bytes int) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header + strings.Repeat("\x01", bytes)
}

func TestASafetensorsFileHoldsWhatItSays(t *testing.T) {
	const w = `"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`
	for claim, c := range map[string]struct {
		content string
		told    []string
	}{
		"an honest one":             {safe(`{`+w+`, "__metadata__": {"by": "us"}}   `, 24), nil},
		"no tensors":                {safe(`{}`, 0), nil},
		"half bytes":                {safe(`{"w": {"dtype": "F4", "shape": [4], "data_offsets": [0, 2]}}`, 2), nil},
		"a header without end":      {"\xff\xff\xff\xff\xff\xff\xff\x7f{}", []string{"bounds a header of 9223372036854775807 bytes"}},
		"a header over 100 MB":      {"\x01\xe1\xf5\x05\x00\x00\x00\x00{}", []string{"bounds a header of 100000001 bytes"}},
		"bytes behind":              {safe(`{`+w+`}`, 25), []string{"bounds bytes follow the last tensor"}},
		"bytes missing":             {safe(`{`+w+`}`, 23), []string{"bounds tensor w leads out of the file"}},
		"a hole":                    {safe(`{`+w+`, "x": {"dtype": "U8", "shape": [1], "data_offsets": [25, 26]}}`, 26), []string{"bounds tensor x does not begin where the one before it ends"}},
		"an overlap":                {safe(`{`+w+`, "x": {"dtype": "U8", "shape": [1], "data_offsets": [23, 24]}}`, 24), []string{"bounds tensor x does not begin where the one before it ends"}},
		"offsets back to front":     {safe(`{"w": {"dtype": "U8", "shape": [1], "data_offsets": [1, 0]}}`, 1), []string{"bounds tensor w leads out of the file"}},
		"another size than its own": {safe(`{"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 24]}}`, 24), []string{"bounds tensor w has another size than its shape and type say"}},
		"a shape that overflows":    {safe(`{"w": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}}`, 0), []string{"bounds tensor w has more numbers than can be"}},
		"a type nobody knows":       {safe(`{"w": {"dtype": "object", "shape": [1], "data_offsets": [0, 8]}}`, 8), []string{"bounds tensor w has the type object"}},
		"a key twice":               {safe(`{`+w+`, `+w+`}`, 24), []string{"malformed its header: the key w stands twice"}},
		"a field twice":             {safe(`{"w": {"dtype": "U8", "dtype": "F32", "shape": [1], "data_offsets": [0, 1]}}`, 1), []string{"malformed its header: the key dtype stands twice"}},
		"a field in capitals":       {safe(`{"w": {"DTYPE": "U8", "shape": [1], "data_offsets": [0, 1]}}`, 1), []string{"malformed its header: tensor w: it has no dtype"}},
		"a field too many":          {safe(`{"w": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1], "code": "x"}}`, 1), []string{"malformed its header: tensor w: it has 4 fields and not 3"}},
		"something behind the JSON": {safe(`{} x`, 0), []string{"malformed its header: invalid character 'x' looking for beginning of value"}},
		"metadata that is no text":  {safe(`{"__metadata__": {"a": 1}}`, 0), []string{"malformed its header: json: cannot unmarshal number into Go value of type string"}},
		"a negative shape":          {safe(`{"w": {"dtype": "U8", "shape": [-1], "data_offsets": [0, 1]}}`, 1), []string{"malformed its header: tensor w: shape: json: cannot unmarshal number -1 into Go value of type uint64"}},
	} {
		if got := look(t, "model.safetensors", c.content); got.Format != modelfile.Safetensors || !slices.Equal(told(got), c.told) {
			t.Errorf("%s: %s %q", claim, got.Format, told(got))
		}
	}
}

// ggml is a GGUF file of keys and tensors.
func ggml(tensors, keys uint64, parts ...string) string {
	head := binary.LittleEndian.AppendUint64([]byte("GGUF\x03\x00\x00\x00"), tensors)
	return string(binary.LittleEndian.AppendUint64(head, keys)) + strings.Join(parts, "")
}

func u32(value uint32) string { return string(binary.LittleEndian.AppendUint32(nil, value)) }
func u64(value uint64) string { return string(binary.LittleEndian.AppendUint64(nil, value)) }
func said(text string) string { return u64(uint64(len(text))) + text }

// row is the entry of a tensor of one dimension.
func row(name string, numbers uint64, kind uint32, offset uint64) string {
	return said(name) + u32(1) + u64(numbers) + u32(kind) + u64(offset)
}

// to fills up to the alignment.
func to(content string, behind int) string {
	return content + strings.Repeat("\x00", (32-len(content)%32)%32+behind)
}

func TestAGGUFFileHoldsWhatItSays(t *testing.T) {
	impossible := func(name string) []string {
		return []string{"bounds its header: tensor " + name + " has a type, a shape or an offset that cannot be"}
	}
	array := said("a") + u32(9)
	for claim, c := range map[string]struct {
		content string
		told    []string
	}{
		"an honest one":              {to(ggml(2, 1, said("k"), u32(4), u32(7), row("a", 8, 0, 0), row("b", 32, 2, 32)), 50), nil},
		"every kind of value":        {ggml(0, 3, array, u32(5), u64(2), u64(0), array, u32(8), u64(2), said("x"), said("y"), array, u32(9), u64(1), u32(0), u64(1), "z"), nil},
		"another version":            {"GGUF\x01\x00\x00\x00", []string{"unread GGUF of version 1"}},
		"more tensors than can be":   {ggml(1<<40, 0), []string{"bounds 1099511627776 tensors and 0 keys"}},
		"a text without end":         {ggml(0, 1, u64(1<<63)), []string{"bounds its header: unexpected EOF"}},
		"an array that overflows":    {ggml(0, 1, array, u32(10), u64(1<<62)), []string{"bounds its header: an array of 4611686018427387904 values"}},
		"arrays in arrays":           {ggml(0, 1, array, strings.Repeat(u32(9)+u64(1), 9)), []string{"bounds its header: it is deeper or longer than is looked into"}},
		"a value of no kind":         {ggml(0, 1, said("k"), u32(13)), []string{"bounds its header: a value of type 13"}},
		"an alignment of 3":          {ggml(0, 1, said("general.alignment"), u32(4), u32(3)), []string{"bounds its header: its alignment is 3"}},
		"a shape that overflows":     {to(ggml(1, 0, row("a", 1<<63, 0, 0)), 32), impossible("a")},
		"an offset that overflows":   {to(ggml(1, 0, row("a", 8, 0, 1<<64-32)), 32), impossible("a")},
		"an offset that is not even": {to(ggml(1, 0, row("a", 8, 0, 1)), 64), impossible("a")},
		"a type nobody knows":        {to(ggml(1, 0, row("a", 8, 99, 0)), 64), impossible("a")},
		"a part of a block":          {to(ggml(1, 0, row("a", 33, 2, 0)), 64), impossible("a")},
		"tensors that overlap":       {to(ggml(2, 0, row("a", 9, 0, 0), row("b", 8, 0, 32)), 64), []string{"bounds tensors overlap"}},
		"a tensor out of the file":   {to(ggml(1, 0, row("a", 9, 0, 0)), 35), []string{"bounds a tensor leads out of the file"}},
		"a name twice":               {to(ggml(2, 0, row("a", 8, 0, 0), row("a", 8, 0, 32)), 64), []string{"bounds its header: tensor a has 1 dimensions, or stands twice"}},
	} {
		if got := look(t, "model.gguf", c.content); got.Format != modelfile.GGUF || !slices.Equal(told(got), c.told) {
			t.Errorf("%s: %s %q", claim, got.Format, told(got))
		}
	}
}

// A real file in which one size is another leads somewhere, and that is told.
func TestAnHDF5FileThatLeadsAstrayIsReported(t *testing.T) {
	for _, name := range []string{"lambda.h5", "lambda-latest.h5"} {
		whole, err := os.ReadFile("testdata/" + name)
		must(t, err)
		for at := 8; at < 96; at++ { // the superblock, and the first header
			broken := slices.Clone(whole)
			broken[at] ^= 0xff
			got := look(t, name, string(broken))
			if got.Format != modelfile.HDF5 || got.Code == "" {
				t.Errorf("%s, byte %d: %s", name, at, got.Format)
			}
		}
		for _, size := range []int{9, 20, 60, 100, 500, 1000} {
			if got := look(t, name, string(whole[:size])); got.Format != modelfile.HDF5 || len(got.Findings) == 0 {
				t.Errorf("%s cut to %d: %s %q", name, size, got.Format, told(got))
			}
		}
	}
}
