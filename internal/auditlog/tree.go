package auditlog

import (
	"slices"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
)

var ranges = compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}

// tree is the right border of a Merkle tree: enough to let it grow, and to
// know its root.
type tree struct{ *compact.Range }

func newTree() tree { return tree{ranges.NewEmptyRange(0)} }

// clone grows apart from the tree.
func (t tree) clone() (tree, error) {
	copied, err := ranges.NewRange(0, t.End(), slices.Clone(t.Hashes()))
	return tree{copied}, err
}

func (t tree) root() ([]byte, error) {
	if t.End() == 0 {
		return rfc6962.DefaultHasher.EmptyRoot(), nil
	}
	return t.GetRootHash(nil)
}

// add appends a leaf; visit is told of every node that it completes.
func (t tree) add(entry []byte, visit compact.VisitFn) error {
	return t.Append(rfc6962.DefaultHasher.HashLeaf(entry), visit)
}
