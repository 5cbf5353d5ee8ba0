package assembly

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/signature"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Consent is what a person is about to sign.
type Consent struct {
	Base, Head string // branch that is merged into, and what is proposed
	Claim      promotion.Claim
	Key        ssh.Signer
}

// Approve makes a signed tag in the repository, which lies on this machine, and
// names it. Nothing is pushed. It refuses what would not count.
func (w *Workshop) Approve(ctx context.Context, consent Consent) (tag string, err error) {
	if err := w.Repository.Fetch(ctx); err != nil {
		return "", err
	}
	head, err := w.Repository.Resolve(consent.Head)
	if err != nil {
		return "", err
	}
	signer, err := w.signerOf(consent)
	if err != nil {
		return "", err
	}
	tree, err := w.Repository.Tree(head.Hash)
	if err != nil {
		return "", err
	}
	for _, pair := range consent.Claim.Promotions {
		if _, err := promotion.Content(tree, pair); err != nil {
			return "", fmt.Errorf("%s holds no promotion of %s to %s: %w", consent.Head, pair.Model, pair.Environment, err)
		}
	}
	first := consent.Claim.Promotions[0]
	person, _, _ := strings.Cut(signer.Email, "@")
	tag = gitrepo.Approvals + path.Join(first.Environment, first.Model, head.Hash[:12]+"-"+person+"-"+consent.Claim.Meaning)
	message := fmt.Sprintf("%s of %s in %s\n\n%s", consent.Claim.Meaning, first.Model, first.Environment, consent.Claim.Trailers())
	by := gitrepo.Author{Name: signer.Name, Email: signer.Email, Time: w.options.Clock()}
	return tag, gitrepo.SignTag(w.options.Repository, tag, head.Hash, message, by, func(payload []byte) ([]byte, error) {
		return signature.SignSSH(consent.Key, payload)
	})
}

// signerOf is who assay.yaml, as merged, says the key belongs to.
func (w *Workshop) signerOf(consent Consent) (signature.Signer, error) {
	trusted, err := w.Repository.Tree(consent.Base)
	if err != nil {
		return signature.Signer{}, err
	}
	people, err := peopleOf(trusted)
	if err != nil {
		return signature.Signer{}, err
	}
	const trial = "trial\n"
	signed, err := signature.SignSSH(consent.Key, []byte(trial))
	if err != nil {
		return signature.Signer{}, err
	}
	signer, err := people.Verify([]byte(trial), signed, w.options.Clock())
	switch {
	case errors.Is(err, signature.ErrNobody):
		return signer, fmt.Errorf("spec.people of assay.yaml on %s does not list the key %s\nhint: a merged change must list it, or choose another with --key",
			consent.Base, ssh.FingerprintSHA256(consent.Key.PublicKey()))
	case err != nil:
		return signer, err
	case consent.Claim.Role != "" && !slices.Contains(signer.Roles, consent.Claim.Role):
		return signer, fmt.Errorf("assay.yaml gives %s the roles %s, and not %q", signer.Name, strings.Join(signer.Roles, ", "), consent.Claim.Role)
	}
	return signer, nil
}
