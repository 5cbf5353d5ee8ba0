package auditlog

import (
	"bytes"
	"context"
	"crypto"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// proofType is the first line of a proof (https://c2sp.org/tlog-proof).
const proofType = "c2sp.org/tlog-proof@v1"

const (
	maxProof  = 128 << 10
	maxHashes = 64 // a tree of uint64 leaves is no higher
)

// Proof says of one record that it stands in a log, to somebody who has
// neither the log nor its other entries.
type Proof struct {
	Entry
	Checkpoint Checkpoint
	hashes     [][]byte
}

// Prove proves the whole log, and then that one entry is in it.
func Prove(ctx context.Context, dir string, key crypto.PublicKey, index uint64) (Proof, error) {
	var leaves [][]byte
	now, entries, err := Read(ctx, dir, key, nil, func(entry Entry) bool {
		if entry.Index == 0 { // a log that grew meanwhile is read anew
			leaves = nil
		}
		text, err := entry.Record.Encode()
		if err == nil { // it was just decoded
			leaves = append(leaves, rfc6962.DefaultHasher.HashLeaf(text))
		}
		return entry.Index == index
	})
	if err != nil {
		return Proof{}, err
	}
	if len(entries) != 1 {
		return Proof{}, fmt.Errorf("there is no entry %d: the log has %d", index, now.Size)
	}
	nodes, err := proof.Inclusion(index, now.Size)
	if err != nil {
		return Proof{}, err
	}
	hashes := make([][]byte, len(nodes.IDs))
	for i, id := range nodes.IDs {
		if hashes[i], err = nodeHash(leaves, id); err != nil {
			return Proof{}, err
		}
	}
	hashes, err = nodes.Rehash(hashes, rfc6962.DefaultHasher.HashChildren)
	return Proof{entries[0], now, hashes}, err
}

// nodeHash is the root of the leaves below a node of the tree.
func nodeHash(leaves [][]byte, id compact.NodeID) ([]byte, error) {
	begin, end := id.Coverage()
	below := ranges.NewEmptyRange(0)
	for _, leaf := range leaves[begin:end] {
		if err := below.Append(leaf, nil); err != nil {
			return nil, err
		}
	}
	return below.GetRootHash(nil)
}

// Encode writes the one text of a proof. The record is its extra data: what is
// proven is the hash of that.
func (p Proof) Encode() ([]byte, error) {
	record, err := p.Record.Encode()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s\nextra %s\nindex %d\n", proofType, base64.StdEncoding.EncodeToString(record), p.Index)
	for _, hash := range p.hashes {
		fmt.Fprintln(&text, base64.StdEncoding.EncodeToString(hash))
	}
	fmt.Fprintf(&text, "\n%s", p.Checkpoint.Text)
	return text.Bytes(), nil
}

// OpenProof verifies what Encode wrote, with nothing but the log's public key.
// Every byte of it is either proven or could not be another.
func OpenProof(text []byte, key crypto.PublicKey) (Proof, error) {
	if len(text) > maxProof {
		return Proof{}, broken("the proof is larger than %d bytes", maxProof)
	}
	head, checkpoint, _ := bytes.Cut(text, []byte("\n\n"))
	opened, err := readProof(strings.Split(string(head), "\n"))
	if err != nil {
		return Proof{}, broken("reading a proof: %w", err)
	}
	verifier, err := verifierFor(key, checkpoint)
	if err != nil {
		return Proof{}, err
	}
	if opened.Checkpoint, err = openCheckpoint(checkpoint, verifier); err != nil {
		return Proof{}, err
	}
	record, err := opened.Record.Encode()
	if err != nil {
		return Proof{}, broken("reading a proof: %w", err)
	}
	if again, err := opened.Encode(); err != nil || !bytes.Equal(again, text) {
		return Proof{}, broken("the proof is not written as the log writes it")
	}
	leaf, now := rfc6962.DefaultHasher.HashLeaf(record), opened.Checkpoint
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, opened.Index, now.Size, leaf, opened.hashes, now.Root); err != nil {
		return Proof{}, broken("entry %d is not in the log: %w", opened.Index, err)
	}
	return opened, nil
}

// readProof reads the lines before the checkpoint.
func readProof(lines []string) (Proof, error) {
	var read Proof
	if len(lines) < 3 || len(lines) > 3+maxHashes || lines[0] != proofType {
		return read, fmt.Errorf("it is no %s of a record", proofType)
	}
	extra, _ := strings.CutPrefix(lines[1], "extra ")
	record, err := base64.StdEncoding.Strict().DecodeString(extra)
	if err != nil {
		return read, err
	}
	if read.Record, err = Decode(record); err != nil {
		return read, err
	}
	index, _ := strings.CutPrefix(lines[2], "index ")
	if read.Index, err = strconv.ParseUint(index, 10, 64); err != nil {
		return read, err
	}
	for _, line := range lines[3:] {
		hash, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil {
			return read, err
		}
		read.hashes = append(read.hashes, hash)
	}
	return read, nil
}
