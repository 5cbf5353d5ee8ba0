package auditlog

import (
	"fmt"
	"sync"

	form "github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
)

// guard signs the checkpoints of trees that it was told of, and no other.
// tessera takes the tree's state from the disk; without a guard, whoever writes
// there could have another history signed.
type guard struct {
	note.Signer
	mu    sync.Mutex
	roots map[uint64][]byte // by size; nil when nothing is signed any more
	fault error             // what it was asked to sign and did not
}

// allow adds the tree as it stands.
func (g *guard) allow(t tree) error {
	root, err := t.root()
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roots[t.End()] = root
	return nil
}

// dismiss ends it. A publication that is late signs nothing any more.
func (g *guard) dismiss() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roots = nil
}

// Sign implements note.Signer.
func (g *guard) Sign(text []byte) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var asked form.Checkpoint
	if _, err := asked.Unmarshal(text); err != nil {
		return nil, fmt.Errorf("signing a checkpoint: %w", err)
	}
	if root, grown := g.roots[asked.Size]; !grown || !(Checkpoint{Root: root}).is(asked.Hash) {
		g.fault = broken("%d entries with another root were to be signed: somebody else changed the directory", asked.Size)
		return nil, g.fault
	}
	return g.Signer.Sign(text)
}

// refused is why a checkpoint was not signed; nil while all were.
func (g *guard) refused() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fault
}
