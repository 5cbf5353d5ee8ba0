package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/go-git/go-billy/v5/osfs"
	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// store is a folder of objects, which other processes may use as well. go-git's
// caches of packs and objects are not made for concurrent use, so it admits one
// reader at a time, and none for longer than one object takes. What is written
// appears by a rename, whole or not at all.
type store struct {
	folder string

	mu      sync.Mutex
	objects *filesystem.Storage
	opened  os.FileInfo // the folder that objects were opened in
	spoilt  bool        // something in it cannot be read, or is missing that has to be there

	commits *recent[plumbing.Hash, *object.Commit]
	trees   *recent[plumbing.Hash, []object.TreeEntry]
}

// Sizes of what is kept in memory of a store, which many remotes may have.
const (
	cachedBytes   = 8 * cache.MiByte // of objects
	cachedCommits = 4096
	cachedTrees   = 512
	openPacks     = 8
	streamed      = 16 << 20 // a file larger than that is not held twice in memory
)

func openStore(folder string) (*store, error) {
	s := &store{folder: folder, commits: newRecent[plumbing.Hash, *object.Commit](cachedCommits), trees: newRecent[plumbing.Hash, []object.TreeEntry](cachedTrees)}
	return s, s.open()
}

func (s *store) open() error {
	s.objects = storageIn(s.folder)
	if _, err := git.Init(s.objects, nil); err != nil && !errors.Is(err, git.ErrRepositoryAlreadyExists) {
		return err
	}
	var err error
	s.opened, err = os.Stat(s.folder)
	s.spoilt = false
	s.commits.clear()
	s.trees.clear()
	return err
}

func storageIn(folder string) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(osfs.New(folder), cache.NewObjectLRU(cachedBytes),
		filesystem.Options{LargeObjectThreshold: streamed, MaxOpenDescriptors: openPacks})
}

func (s *store) has(hash plumbing.Hash) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects.HasEncodedObject(hash) == nil
}

// read gives an object as it is stored. The size in its header is checked first
// and not believed afterwards; the content has to have the hash that it is kept
// under, because the disk is not trusted either.
func (s *store) read(kind plumbing.ObjectType, hash plumbing.Hash, limit int64) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, err := s.readLocked(kind, hash, limit)
	if err == nil && plumbing.ComputeHash(kind, content) != hash {
		err = errors.New("its content is another one's")
	}
	var large *tooLarge
	switch {
	case err == nil, errors.As(err, &large):
		return content, err
	case errors.Is(err, plumbing.ErrObjectNotFound):
		return nil, ErrNotFound
	}
	s.spoilt = true
	return nil, fmt.Errorf("the local copy of %s %s is damaged, and is fetched anew next time: %w", noun(kind), hash, err)
}

func (s *store) readLocked(kind plumbing.ObjectType, hash plumbing.Hash, limit int64) ([]byte, error) {
	size, err := s.objects.EncodedObjectSize(hash)
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, &tooLarge{kind, size, limit}
	}
	encoded, err := s.objects.EncodedObject(kind, hash)
	if err != nil {
		return nil, err
	}
	reader, err := encoded.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	content, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if err == nil && int64(len(content)) > limit {
		return nil, &tooLarge{kind, int64(len(content)), limit}
	}
	return content, err
}

// tooLarge says that an object is not read because of its size.
type tooLarge struct {
	kind        plumbing.ObjectType
	size, limit int64
}

func (e *tooLarge) Error() string {
	return fmt.Sprintf("the %s has at least %d bytes, %d are allowed", noun(e.kind), e.size, e.limit)
}

func noun(kind plumbing.ObjectType) string {
	if kind == plumbing.BlobObject {
		return "file"
	}
	return kind.String()
}

// size of an object, without reading it.
func (s *store) size(hash plumbing.Hash) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, err := s.objects.EncodedObjectSize(hash)
	return size, absent(err)
}

// maxCommit bounds a commit or tag, in bytes.
const maxCommit = 1 << 20

// commit reads a commit. Whoever got it shares it, and must not change it.
func (s *store) commit(hash plumbing.Hash) (*object.Commit, error) {
	if found, known := s.commits.get(hash); known {
		return found, nil
	}
	content, err := s.read(plumbing.CommitObject, hash, maxCommit)
	if err != nil {
		return nil, err
	}
	found, err := object.DecodeCommit(forGit{store: s}, inMemory(plumbing.CommitObject, content))
	if err == nil {
		s.commits.put(hash, found)
	}
	return found, err
}

// tree reads the list of a folder, shared likewise. One that is missing has to be
// there, since its commit is.
func (s *store) tree(hash plumbing.Hash, limit int64) ([]object.TreeEntry, error) {
	if found, known := s.trees.get(hash); known {
		return found, nil
	}
	content, err := s.read(plumbing.TreeObject, hash, limit)
	if errors.Is(err, ErrNotFound) {
		s.spoil()
	}
	if err != nil {
		return nil, err
	}
	found, err := object.DecodeTree(nil, inMemory(plumbing.TreeObject, content))
	if err != nil {
		return nil, err
	}
	s.trees.put(hash, found.Entries)
	return found.Entries, nil
}

func inMemory(kind plumbing.ObjectType, content []byte) plumbing.EncodedObject {
	encoded := &plumbing.MemoryObject{}
	encoded.SetType(kind)
	_, _ = encoded.Write(content) // memory takes what it is given
	return encoded
}

func (s *store) spoil() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoilt = true
}

// keep stores what was drafted, contents before what lists them: whoever finds a
// commit finds all of it. Many objects go into one pack.
func (s *store) keep(drafted *draft, pack []byte) error {
	if len(drafted.order) > loose {
		return s.receive(bytes.NewReader(pack))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, hash := range drafted.order {
		if s.objects.HasEncodedObject(hash) == nil {
			continue
		}
		if _, err := s.objects.SetEncodedObject(drafted.objects[hash]); err != nil {
			return err
		}
	}
	return nil
}

// loose is how many objects are worth a file each (git's transfer.unpackLimit).
const loose = 100

// forGit lets go-git read commits through a store.
type forGit struct {
	storer.EncodedObjectStorer // nothing else is asked of it
	store                      *store
}

func (f forGit) EncodedObject(_ plumbing.ObjectType, hash plumbing.Hash) (plumbing.EncodedObject, error) {
	content, err := f.store.read(plumbing.CommitObject, hash, maxCommit)
	if errors.Is(err, ErrNotFound) {
		return nil, plumbing.ErrObjectNotFound
	}
	return inMemory(plumbing.CommitObject, content), err
}
