package gitrepo

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

// receive takes a pack of objects in. It is received and indexed aside, so that
// a remote that stops half-way leaves nothing, and readers do not wait.
func (s *store) receive(pack io.Reader) error {
	buffered := bufio.NewReader(pack)
	header, err := buffered.Peek(12)
	switch {
	case err != nil:
		return err
	case !bytes.HasPrefix(header, []byte("PACK")):
		return fmt.Errorf("the remote sent %.12q in place of objects", header)
	case binary.BigEndian.Uint32(header[8:]) == 0:
		_, err := io.Copy(io.Discard, buffered)
		return err
	}
	aside, err := os.MkdirTemp(s.folder, incomingPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	if err := packfile.UpdateObjectStorage(storageIn(aside), buffered); err != nil {
		return fmt.Errorf("reading the objects that the remote sent: %w", err)
	}
	return s.adopt(aside)
}

// adopt moves packs in, the index first: who finds the pack finds its index.
func (s *store) adopt(aside string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.objects.Reindex()
	for _, suffix := range []string{".idx", ".pack"} {
		found, err := filepath.Glob(filepath.Join(aside, "objects", "pack", "pack-*"+suffix))
		if err != nil {
			return err
		}
		for _, name := range found {
			if err := os.Rename(name, filepath.Join(s.folder, "objects", "pack", filepath.Base(name))); err != nil {
				return err
			}
		}
	}
	return nil
}
