package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Store keeps on disk what the cluster said last, so that a door that starts
// anew answers before it has heard of the cluster. What lies there is believed no
// more than what arrives: releases are verified all the same, and what a file has
// lost is no release.
type Store struct {
	folder string
	saved  map[string]evidence.Digest // by name of file: what is known to lie there
	known  map[string]string          // environments of namespaces, as they were loaded
	used   []string                   // names of the releases that were in use

	damaged bool // some file was, when it was loaded
}

const (
	storeInterval  = time.Second
	releaseFile    = ".release"
	partialFile    = ".partial"
	namespacesFile = "namespaces.json"
)

// OpenStore uses a folder for nothing else.
func OpenStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	return &Store{folder: folder, saved: map[string]evidence.Digest{}, known: map[string]string{}}, nil
}

// kept is a release as a file holds it.
type kept struct {
	Name      string           `json:"name"`
	Spec      kube.ReleaseSpec `json:"spec"` // without its envelopes
	Envelopes []byte           `json:"envelopes"`
}

// Load fills the memory with what lies in the folder. Files that are damaged are
// removed, and told: the cluster has what they held.
func (s *Store) Load(ctx context.Context, memory *Memory) error {
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		return fmt.Errorf("reading the store: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, partialFile) { // cut short by the end of a process
			if err := os.Remove(filepath.Join(s.folder, name)); err != nil {
				return fmt.Errorf("reading the store: %w", err)
			}
		}
		if name != namespacesFile && name != ordersFile && name != usedFile && name != knownFile && !strings.HasSuffix(name, releaseFile) {
			continue
		}
		text, sum, err := s.read(name)
		if err == nil {
			err = s.take(memory, name, text)
		}
		if err != nil {
			log.FromContext(ctx).Error(err, "a file of the store is damaged, and removed", "file", name)
			s.damaged = true
			if err := os.Remove(filepath.Join(s.folder, name)); err != nil {
				return fmt.Errorf("reading the store: %w", err)
			}
			continue
		}
		s.saved[name] = sum
	}
	memory.want(s.used, time.Now())
	return nil
}

func (s *Store) take(memory *Memory, name string, text []byte) error {
	switch name {
	case namespacesFile:
		return json.Unmarshal(text, &s.known)
	case ordersFile:
		return memory.orders.recall(text)
	case knownFile:
		return memory.recallKnown(text)
	case usedFile:
		return json.Unmarshal(text, &s.used)
	}
	var one kept
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	if fileOf(one.Name) != name {
		return errors.New("it holds a release of another name")
	}
	memory.recall(one.Name, one.Spec, packed(one.Envelopes))
	return nil
}

// Namespaces are the environments of namespaces as they were known last.
func (s *Store) Namespaces() map[string]string { return s.known }

// Keep writes what has changed, every second until the context ends, from when
// the cluster has told everything. What could not be written is tried again: a
// full disk costs a door nothing but its next start.
func (s *Store) Keep(ctx context.Context, memory *Memory, told watched, namespaces func() (map[string]string, error)) error {
	ticker := time.NewTicker(storeInterval)
	defer ticker.Stop()
	settled, last := false, ""
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if !told.releases() || !told.namespaces() || !told.orders() {
			continue
		}
		if !settled {
			memory.settle()
			settled = true
		}
		err := s.saveAll(memory, namespaces)
		if err != nil && err.Error() != last {
			log.FromContext(ctx).Error(err, "what is known could not be written to the store")
		}
		if last = ""; err != nil {
			last = err.Error()
		}
	}
}

func (s *Store) saveAll(memory *Memory, namespaces func() (map[string]string, error)) error {
	enrolled, err := namespaces()
	if err != nil {
		return err
	}
	if err := s.Save(memory, enrolled); err != nil {
		return err
	}
	s.touch(time.Now())
	return nil
}

// Save writes what has changed since it was written, and removes what is gone.
func (s *Store) Save(memory *Memory, namespaces map[string]string) error {
	files := map[string]bool{namespacesFile: true, ordersFile: true, usedFile: true, knownFile: true}
	text, err := json.Marshal(namespaces) // in the order of their names
	if err != nil {
		return err
	}
	ordered, err := memory.orders.text()
	if err != nil {
		return err
	}
	used, err := memory.usedText(time.Now())
	if err != nil {
		return err
	}
	known, err := memory.knownText()
	if err != nil {
		return err
	}
	failed := []error{s.write(namespacesFile, text), s.write(ordersFile, ordered), s.write(usedFile, used), s.write(knownFile, known)}
	for _, one := range memory.all() {
		name := fileOf(one.name)
		files[name] = true
		if s.saved[name] != "" && s.saved[name] == one.stored {
			continue
		}
		text, err := json.Marshal(kept{one.name, one.spec(), []byte(one.envelopes)})
		if err != nil {
			return err
		}
		if err := s.write(name, text); err != nil {
			return errors.Join(append(failed, err)...) // the next would fail alike
		}
		one.stored = s.saved[name]
	}
	for name := range s.saved {
		if !files[name] {
			if err := os.Remove(filepath.Join(s.folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				failed = append(failed, err)
				continue
			}
			delete(s.saved, name)
		}
	}
	return errors.Join(failed...)
}

// write replaces a file whole. The sum behind the text tells a file that was cut
// short from one that was not, so nothing has to wait for the disk.
func (s *Store) write(name string, text []byte) error {
	sum := evidence.Sum(text)
	if s.saved[name] == sum {
		return nil
	}
	partial := filepath.Join(s.folder, name+partialFile)
	if err := os.WriteFile(partial, fmt.Appendf(text, "\n%s\n", sum), 0o600); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, filepath.Join(s.folder, name)); err != nil {
		return err
	}
	s.saved[name] = sum
	return nil
}

// maxStored is beyond what write makes of the largest object.
const maxStored = 2 * maxPacked

func (s *Store) read(name string) ([]byte, evidence.Digest, error) {
	info, err := os.Lstat(filepath.Join(s.folder, name))
	if err != nil {
		return nil, "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxStored {
		return nil, "", fmt.Errorf("it is not a file of at most %d bytes", maxStored)
	}
	content, err := os.ReadFile(filepath.Join(s.folder, name))
	if err != nil {
		return nil, "", err
	}
	text, sum, _ := bytes.Cut(content, []byte("\n"))
	if evidence.Sum(text) != evidence.Digest(bytes.TrimSuffix(sum, []byte("\n"))) {
		return nil, "", errors.New("its sum is another one")
	}
	return text, evidence.Sum(text), nil
}

// fileOf names a file by the release's name, which may hold what a file name may
// not.
func fileOf(release string) string { return evidence.Sum([]byte(release)).Hex() + releaseFile }
