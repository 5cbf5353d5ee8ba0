package gitrepo

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// ErrNotFound says that a repository, a ref, a commit or a note is not there.
var ErrNotFound = errors.New("not found")

// Repo is the local copy of one remote.
type Repo struct {
	address  string // of the remote, without credentials
	endpoint *transport.Endpoint
	client   transport.Transport
	auth     transport.AuthMethod
	limits   limits
	signer   Signer // nil: nothing is signed
	store    *store

	tickets atomic.Uint64 // of those who asked where the refs stand
	turn    chan struct{} // one at a time speaks with the remote, and may use what follows

	looked   *packp.AdvRefs // the last answer; nil for none
	lookedAt uint64         // the last ticket it is good for
	plain    bool           // the remote cannot leave out, or not give out, the contents of files
	supplied []plumbing.Hash

	writing sync.Mutex // one commit at a time, so that ours do not race each other

	let  atomic.Bool // the remote has answered our credentials
	mu   sync.RWMutex
	refs map[plumbing.ReferenceName]plumbing.Hash // of the remote, as they were fetched

	walked *recent[plumbing.Hash, *content]
	kept   *recent[version, *versions]
}

// limits bound what a hostile commit may cost its reader, and what a hostile
// remote may.
type limits struct {
	fileBytes int64 // of one file
	treeBytes int64 // of one tree object, which is one folder's list
	entries   int   // files and folders of one commit
	depth     int   // folders inside folders

	refs      int   // that are fetched
	refBytes  int64 // of the list of all refs
	packBytes int64
	quiet     time.Duration // without a byte from the remote
	whole     time.Duration // of one conversation
}

var defaultLimits = limits{
	fileBytes: 512 << 20, treeBytes: 64 << 20, entries: 500_000, depth: 64,
	refs: 100_000, refBytes: 128 << 20, packBytes: 16 << 30, quiet: time.Minute, whole: time.Hour,
}

// Open prepares a bare store for the remote below cacheDir, without speaking
// to the remote. The address is an http or https URL, which may hold
// credentials, or the absolute path of a local repository. Stores that were not
// used for long are deleted when there are too many.
func Open(address, cacheDir string, options ...Option) (*Repo, error) {
	address, auth, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	folder := storeFolder(cacheDir, address)
	store, err := openStore(folder)
	if err != nil {
		return nil, fmt.Errorf("preparing the local copy of %s: %w", address, err)
	}
	if err := evict(cacheDir, folder, maxStores, time.Now()); err != nil {
		return nil, err
	}
	repo := &Repo{
		address: address, auth: auth, limits: defaultLimits, store: store, turn: make(chan struct{}, 1),
		refs: map[plumbing.ReferenceName]plumbing.Hash{}, walked: newRecent[plumbing.Hash, *content](cachedContents), kept: newRecent[version, *versions](cachedVersions),
	}
	for _, option := range options {
		option(repo)
	}
	return repo, repo.connect(address)
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
		r.mu.RLock()
		found, known := r.refs[fullName(ref)]
		r.mu.RUnlock()
		if !known {
			return nil, fmt.Errorf("resolving %q in %s: %w", ref, r.address, ErrNotFound)
		}
		hash = found
	}
	if !r.let.Load() { // others have filled the store, with other credentials
		return nil, fmt.Errorf("reading commit %q of %s, which nobody has fetched: %w", ref, r.address, ErrNotFound)
	}
	commit, err := r.store.commit(hash)
	if err != nil {
		return nil, fmt.Errorf("reading commit %q of %s: %w", ref, r.address, err)
	}
	return commit, nil
}

// absent translates go-git's way to say that something is not there.
func absent(err error) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return ErrNotFound
	}
	return err
}
