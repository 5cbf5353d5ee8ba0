package auditlog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/transparency-dev/tessera/api/layout"
)

// stateFile is where tessera keeps how far it has integrated. Nobody signed it.
const stateFile = ".state/treeState"

const maxState = 4 << 10

// state reads it.
func (f folder) state() (Checkpoint, error) {
	text, err := f.read(stateFile, maxState)
	if err != nil {
		return Checkpoint{}, err
	}
	var state struct {
		Size uint64 `json:"size"`
		Root []byte `json:"root"`
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return Checkpoint{}, broken("%s: %w", stateFile, err)
	}
	return Checkpoint{Size: state.Size, Root: state.Root}, nil
}

// present looks whether the directory is still what was opened: without its
// locks tessera panics.
func (l *Log) present() error {
	held, err := l.lock.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(l.folder.path(lockFile))
	if err == nil && !os.SameFile(held, there) {
		err = broken("its directory was replaced")
	}
	if err != nil {
		return err
	}
	_, err = os.Stat(l.folder.path(stateFile))
	return err
}

// tidy removes the tiles and bundles that have become wider since: each would
// hold all entries of the narrower ones once more.
func (l *Log) tidy() error {
	size := l.tree.End()
	for level, left := uint64(0), size; left > 0; level, left = level+1, left>>layout.TileHeight {
		index, width := (left-1)>>layout.TileHeight, int((left-1)%layout.TileWidth)+1
		names := []string{layout.TilePath(level, index, 0)}
		if level == 0 {
			names = append(names, layout.EntriesPath(index, 0))
		}
		for _, name := range names {
			if err := l.narrow(name, width); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Log) narrow(name string, width int) error {
	widths, err := l.folder.narrower(name, width)
	if err != nil {
		return err
	}
	for _, narrow := range widths {
		if err := os.Remove(l.folder.path(fmt.Sprintf("%s.p/%d", name, narrow))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
