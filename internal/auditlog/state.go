package auditlog

import (
	"encoding/json"
	"os"
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
