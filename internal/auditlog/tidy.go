package auditlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/transparency-dev/tessera/api/layout"
)

// tidy removes the tiles and bundles that have become wider since: each would
// hold all entries of the narrower ones once more. One that was completed in one
// go with the beginning of the next has left some, too.
func (l *Log) tidy() error {
	for level, left := uint64(0), l.tree.End(); left > 0; level, left = level+1, left>>layout.TileHeight {
		index, width := (left-1)>>layout.TileHeight, int((left-1)%layout.TileWidth)+1
		if err := l.remove(level, index, func(one int) bool { return one < width }); err != nil {
			return err
		}
		if index == 0 {
			continue
		}
		if err := l.remove(level, index-1, func(int) bool { return true }); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what a process has written that died before the tree held it.
// When the tree has outgrown such a file, by other entries, it would be one of
// another history.
func (l *Log) discard() error {
	for level, left := uint64(0), l.tree.End(); ; level, left = level+1, left>>layout.TileHeight {
		index, width := left>>layout.TileHeight, int(left%layout.TileWidth)
		for ahead := range uint64(2) { // what is written at once is at most as wide as one
			if err := l.remove(level, index+ahead, func(one int) bool { return ahead > 0 || one > width }); err != nil {
				return err
			}
			for _, name := range fullOf(level, index+ahead) {
				if err := l.removeFile(name); err != nil {
					return err
				}
			}
		}
		if left == 0 {
			return nil
		}
	}
}

// fullOf are the paths of a full tile, and of the bundle below it.
func fullOf(level, index uint64) []string {
	names := []string{layout.TilePath(level, index, 0)}
	if level == 0 {
		names = append(names, layout.EntriesPath(index, 0))
	}
	return names
}

// remove takes away files of a tile, and of the bundle below it, that are not full.
func (l *Log) remove(level, index uint64, which func(width int) bool) error {
	for _, name := range fullOf(level, index) {
		widths, err := l.folder.partial(name, which)
		if err != nil {
			return err
		}
		for _, one := range widths {
			if err := l.removeFile(fmt.Sprintf("%s.p/%d", name, one)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Log) removeFile(name string) error {
	if err := os.Remove(l.folder.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
