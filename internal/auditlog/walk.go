package auditlog

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
)

// hashSize is that of SHA-256.
const hashSize = int64(32)

// walk goes through a log from its first entry to its last.
type walk struct {
	folder folder
	tree   tree
	marks  map[uint64][]Checkpoint // by size: roots that the tree must have on its way
	each   func(uint64, Record)    // told of every entry; may be nil
	tiles  map[uint64][]byte       // by level: the hashes of the tile that is growing
	fault  error                   // of a tile that was completed
}

func bySize(marks []Checkpoint) map[uint64][]Checkpoint {
	sorted := map[uint64][]Checkpoint{}
	for _, mark := range marks {
		sorted[mark.Size] = append(sorted[mark.Size], mark)
	}
	return sorted
}

// walkAll recomputes a log of that size from its entries and compares
// everything on the way: every tile, every mark.
func walkAll(ctx context.Context, from folder, size uint64, marks map[uint64][]Checkpoint, each func(uint64, Record)) (tree, error) {
	w := &walk{folder: from, tree: newTree(), marks: marks, each: each, tiles: map[uint64][]byte{}}
	if err := w.meet(); err != nil {
		return w.tree, err
	}
	for info := range layout.Range(0, size, size) {
		if err := ctx.Err(); err != nil {
			return w.tree, err
		}
		if err := w.bundle(info.Index, int(info.N)); err != nil {
			return w.tree, err
		}
	}
	for _, level := range slices.Sorted(maps.Keys(w.tiles)) {
		if err := w.compare(level, size>>(layout.TileHeight*(level+1)), w.tiles[level]); err != nil {
			return w.tree, err
		}
	}
	return w.tree, nil
}

// bundle lets the tree grow by the entries of one bundle.
func (w *walk) bundle(index uint64, width int) error {
	entries, err := w.folder.bundle(index, width)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		record, err := Decode(entry)
		if err != nil {
			return broken("entry %d: %w", w.tree.End(), err)
		}
		if w.each != nil {
			w.each(w.tree.End(), record)
		}
		if err := w.tree.add(entry, w.visit); err != nil {
			return err
		}
		if w.fault != nil {
			return w.fault
		}
		if err := w.meet(); err != nil {
			return err
		}
	}
	return w.earlier(layout.EntriesPath(index, 0), width, serialized(entries))
}

// serialized is the text of every bundle that holds the first entries, by width.
func serialized(entries [][]byte) func(width uint8) []byte {
	var text []byte
	ends := []int{0}
	for _, entry := range entries {
		text = binary.BigEndian.AppendUint16(text, uint16(len(entry)))
		text = append(text, entry...)
		ends = append(ends, len(text))
	}
	return func(width uint8) []byte { return text[:ends[width]] }
}

// meet compares the root with the marks of this size.
func (w *walk) meet() error {
	for _, mark := range w.marks[w.tree.End()] {
		root, err := w.tree.root()
		if err != nil {
			return err
		}
		if !mark.is(root) {
			return broken("the first %d entries are not those of the checkpoint", mark.Size)
		}
	}
	return nil
}

// visit collects the nodes that tiles hold: every eighth level.
func (w *walk) visit(id compact.NodeID, hash []byte) {
	if id.Level%layout.TileHeight != 0 {
		return
	}
	level := uint64(id.Level / layout.TileHeight)
	w.tiles[level] = append(w.tiles[level], hash...)
	if len(w.tiles[level]) == layout.TileWidth*rfc6962.DefaultHasher.Size() {
		if err := w.compare(level, id.Index/layout.TileWidth, w.tiles[level]); err != nil && w.fault == nil {
			w.fault = err
		}
		delete(w.tiles, level)
	}
}

// compare holds a tile on disk against the hashes that it must have.
func (w *walk) compare(level, index uint64, hashes []byte) error {
	width := len(hashes) / int(hashSize)
	stored, err := w.folder.tile(level, index, width)
	if err != nil {
		return err
	}
	if !bytes.Equal(stored, hashes) {
		return broken("tile %d of level %d does not follow from the entries", index, level)
	}
	return w.earlier(layout.TilePath(level, index, 0), width, func(narrow uint8) []byte { return hashes[:int64(narrow)*hashSize] })
}

// earlier compares the files that were the tile or bundle when it was narrower,
// as far as they are still there.
func (w *walk) earlier(name string, width int, want func(uint8) []byte) error {
	widths, err := w.folder.partial(name, func(one int) bool { return one < width })
	if err != nil {
		return err
	}
	for _, narrow := range widths {
		path := fmt.Sprintf("%s.p/%d", name, narrow)
		stored, err := w.folder.read(path, maxBundle)
		if errors.Is(err, fs.ErrNotExist) { // a log that grows takes them away
			continue
		}
		if err != nil {
			return err
		}
		if !bytes.Equal(stored, want(narrow)) {
			return broken("%s is not what the log held then", path)
		}
	}
	return nil
}
