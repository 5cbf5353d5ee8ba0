package gitrepo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// ErrNotFound says that a repository, a ref, a commit or a note is not there.
var ErrNotFound = errors.New("not found")

// Repo is the local copy of one remote.
type Repo struct {
	remote  *git.Remote
	address string // of the remote, without credentials
	auth    transport.AuthMethod
	folder  string
	limits  limits

	// mu admits one at a time to store: go-git's caches of packs and objects
	// are not made for concurrent use.
	mu    sync.Mutex
	store *filesystem.Storage
}

// limits bound what a hostile commit may cost its reader.
type limits struct {
	fileBytes int64 // of one file
	treeBytes int64 // of one tree object, which is one folder's list
	entries   int   // files and folders of one commit
	depth     int   // folders inside folders
}

var defaultLimits = limits{fileBytes: 512 << 20, treeBytes: 64 << 20, entries: 500_000, depth: 64}

// Open prepares a bare store for the remote below cacheDir, without speaking
// to the remote. The address is an http or https URL, which may hold
// credentials, or the absolute path of a local repository. Open an address
// only once: two Repos of one store do not know of each other.
func Open(address, cacheDir string) (*Repo, error) {
	address, auth, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	name := sha256.Sum256([]byte(address))
	folder := filepath.Join(cacheDir, hex.EncodeToString(name[:8])+".git")
	store := openStore(folder)
	if _, err := git.Init(store, nil); err != nil && !errors.Is(err, git.ErrRepositoryAlreadyExists) {
		return nil, fmt.Errorf("preparing the local copy of %s: %w", address, err)
	}
	// The fetch refspec only tells go-git where to note what it has pushed.
	remote := git.NewRemote(store, &config.RemoteConfig{
		Name: remoteName, URLs: []string{address}, Fetch: []config.RefSpec{"+refs/*:refs/*"},
	})
	return &Repo{remote: remote, address: address, auth: auth, folder: folder, limits: defaultLimits, store: store}, nil
}

func openStore(folder string) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(osfs.New(folder), cache.NewObjectLRU(32*cache.MiByte),
		filesystem.Options{LargeObjectThreshold: 16 << 20})
}

// Author says who made a commit, and when.
type Author struct {
	Name  string
	Email string
	Time  time.Time
}

// Commit is one state of the repository.
type Commit struct {
	Hash      string
	Tree      string // hash of its files
	Author    Author
	Committer Author
	Message   string
	Parents   []string
}

// Resolve finds the commit that a branch name, a full ref name or a full hash
// names, among what was fetched.
func (r *Repo) Resolve(ref string) (Commit, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	commit, err := r.resolve(ref)
	if err != nil {
		return Commit{}, err
	}
	return told(commit), nil
}

func told(commit *object.Commit) Commit {
	by := func(signature object.Signature) Author {
		return Author{Name: signature.Name, Email: signature.Email, Time: signature.When}
	}
	found := Commit{
		Hash: commit.Hash.String(), Tree: commit.TreeHash.String(),
		Author: by(commit.Author), Committer: by(commit.Committer), Message: commit.Message,
	}
	for _, parent := range commit.ParentHashes {
		found.Parents = append(found.Parents, parent.String())
	}
	return found
}

func (r *Repo) resolve(ref string) (*object.Commit, error) {
	hash := plumbing.NewHash(ref)
	if hash.String() != ref {
		found, err := r.store.Reference(fullName(ref))
		if err != nil {
			return nil, fmt.Errorf("resolving %q in %s: %w", ref, r.address, absent(err))
		}
		hash = found.Hash()
	}
	commit, err := object.GetCommit(r.store, hash)
	if err != nil {
		return nil, fmt.Errorf("reading commit %q of %s: %w", ref, r.address, absent(err))
	}
	return commit, nil
}

// absent translates go-git's two ways to say that something is not there.
func absent(err error) error {
	if errors.Is(err, plumbing.ErrReferenceNotFound) || errors.Is(err, plumbing.ErrObjectNotFound) {
		return ErrNotFound
	}
	return err
}
