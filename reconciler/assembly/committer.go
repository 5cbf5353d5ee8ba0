package assembly

import (
	"fmt"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

// committer signs what Assay writes to git with the key that signs evidence, in
// the form of SSH. The two cannot be taken for each other: what SSH signs begins
// with SSHSIG, and what an envelope covers with DSSEv1 (docs/design/0015-git-store.md).
type committer struct{ key ssh.Signer }

// Sign implements gitrepo.Signer.
func (c committer) Sign(payload []byte) ([]byte, error) { return signature.SignSSH(c.key, payload) }

// Verify implements gitrepo.Signer.
func (c committer) Verify(payload, signed []byte) error {
	return signature.VerifySSH(c.key.PublicKey(), payload, signed)
}

// signing is how commits are signed, if they are.
func (o Options) signing() ([]gitrepo.Option, error) {
	signer, err := o.committer()
	if err != nil || signer == nil {
		return nil, err
	}
	return []gitrepo.Option{gitrepo.WithSigner(signer)}, nil
}

// committer is who signs commits; nil for nobody. A rehearsal has a key that
// nobody knows, and who signs in the name of a token has none.
func (o Options) committer() (gitrepo.Signer, error) {
	if o.Committer != nil {
		return committer{o.Committer}, nil
	}
	signer, ok := o.Signer.(evidence.KeySigner)
	if !ok || o.Rehearsal != nil {
		return nil, nil
	}
	key, err := ssh.NewSignerFromSigner(signer.Crypto())
	if err != nil {
		return nil, fmt.Errorf("signing commits with the key of evidence: %w", err)
	}
	return committer{key}, nil
}

// AllowedSigner is the line of an allowed-signers file by which git accepts the
// commits that a key signs: git config gpg.ssh.allowedSignersFile.
func AllowedSigner(key ssh.PublicKey) string {
	return fmt.Sprintf("%s namespaces=\"git\" %s", identity.Email, ssh.MarshalAuthorizedKey(key))
}
