package table

import (
	"unsafe"

	duckdb "github.com/duckdb/duckdb-go-bindings"
)

// Batch is some rows of a file, in the database's own memory: its texts are
// valid until it is gone, and whoever keeps one clones it.
type Batch struct {
	chunk   duckdb.DataChunk
	columns int
	rows    int
}

// newBatch takes a chunk of text columns and, the last one, a hash.
func newBatch(chunk duckdb.DataChunk, columns int) *Batch {
	return &Batch{chunk: chunk, columns: columns - 1, rows: int(duckdb.DataChunkGetSize(chunk))}
}

func (b *Batch) free() { duckdb.DestroyDataChunk(&b.chunk) }

// Rows counts the rows of the batch.
func (b *Batch) Rows() int { return b.rows }

// Texts puts a column of the batch, by its number in file order, into a slice
// that is used again. A missing value is "".
func (b *Batch) Texts(column int, into []string) []string {
	into = into[:0]
	texts := b.column(column)
	for row := range b.rows {
		into = append(into, texts.at(row))
	}
	return into
}

func (b *Batch) hashes() []uint64 {
	vector := duckdb.DataChunkGetVector(b.chunk, duckdb.IdxT(b.columns))
	return unsafe.Slice((*uint64)(duckdb.VectorGetData(vector)), b.rows)
}

func (b *Batch) column(at int) vector {
	of := duckdb.DataChunkGetVector(b.chunk, duckdb.IdxT(at))
	found := vector{texts: unsafe.Slice((*descriptor)(duckdb.VectorGetData(of)), b.rows)}
	if validity := duckdb.VectorGetValidity(of); validity != nil {
		found.valid = unsafe.Slice((*uint64)(validity), (b.rows+63)/64)
	}
	return found
}

// vector is a column of texts: a descriptor per row, and a bit per row, 0 where
// the value is missing. There are no bits where none is.
type vector struct {
	texts []descriptor
	valid []uint64
}

// inlined is how long a text may be that stands in its own descriptor.
const inlined = 12

// descriptor is duckdb_string_t: a length, then the bytes of a short text, or
// four bytes and the address of a long one.
// https://github.com/duckdb/duckdb/blob/v1.4.4/src/include/duckdb.h
type descriptor struct {
	length  uint32
	prefix  [4]byte
	address *byte
}

func (v vector) at(row int) string {
	text := &v.texts[row]
	switch {
	case v.valid != nil && v.valid[row/64]>>(row%64)&1 == 0:
		return ""
	case text.length <= inlined:
		return unsafe.String((*byte)(unsafe.Pointer(&text.prefix)), text.length)
	}
	return unsafe.String(text.address, text.length)
}
