package gitrepo

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Option is what a Repo may be given besides its address.
type Option func(*Repo)

// Signer signs commits.
type Signer interface {
	// Sign answers with a signature as git keeps it, armoured.
	Sign(payload []byte) (signature []byte, err error)
	// Verify says whether whoever knows the signer accepts the signature.
	Verify(payload, signature []byte) error
}

// WithSigner has every commit that is made signed. One whose signature does not
// hold when it is read back is not pushed.
func WithSigner(signer Signer) Option { return func(r *Repo) { r.signer = signer } }

// commit drafts a commit, and signs it.
func (r *Repo) commit(d *draft, tree plumbing.Hash, parents []plumbing.Hash, message string, by Author) (plumbing.Hash, error) {
	if strings.ContainsAny(by.Name+by.Email, "<>\n\x00") {
		return plumbing.ZeroHash, fmt.Errorf("%q <%q> cannot be the author of a commit", by.Name, by.Email)
	}
	signature := object.Signature{Name: by.Name, Email: by.Email, When: by.Time.UTC()}
	made := &object.Commit{Author: signature, Committer: signature, Message: message, TreeHash: tree, ParentHashes: parents}
	if r.signer != nil {
		if err := signed(made, r.signer); err != nil {
			return plumbing.ZeroHash, fmt.Errorf("signing a commit: %w", err)
		}
	}
	return d.add(made, plumbing.ZeroHash)
}

// signed adds the signature, and reads the whole as others will: what is pushed
// cannot be taken back.
func signed(made *object.Commit, signer Signer) error {
	payload, err := encoded(made)
	if err != nil {
		return err
	}
	signature, err := signer.Sign(payload)
	if err != nil {
		return err
	}
	made.PGPSignature = string(signature) // git has one header for all kinds
	whole, err := encoded(made)
	if err != nil {
		return err
	}
	read, err := parseCommit(whole)
	switch {
	case err != nil:
		return err
	case string(read.Payload) != string(payload) || len(read.Signature) == 0:
		return errors.New("it is not read as it was signed")
	}
	if err := signer.Verify(read.Payload, read.Signature); err != nil {
		return fmt.Errorf("the signature does not hold, so the commit is not pushed: %w", err)
	}
	return nil
}

func encoded(content encoder) ([]byte, error) {
	into := &plumbing.MemoryObject{}
	if err := content.Encode(into); err != nil {
		return nil, err
	}
	reader, err := into.Reader()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
