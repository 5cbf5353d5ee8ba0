package assembly

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/signature"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Standing is what a signature is worth for a promotion.
type Standing string

// What a signature may be worth. Counted is for the gate to count: whose they
// are, and of whom they are enough, is not said here.
const (
	Counted   Standing = "counted"
	Refused   Standing = "refused"
	Void      Standing = "void"      // of the same change, before its last push
	Withdrawn Standing = "withdrawn" // by a key that was revoked
)

// Signature is a commit or a tag by which somebody claims to approve.
type Signature struct {
	gates.Approval
	Ref      string // of the tag; empty for a commit
	Standing Standing
	Why      string // it does not count
}

// Approvals is what people have signed about one promotion.
type Approvals struct {
	promotion.Pair
	Content    evidence.Digest
	Authors    []string
	Signatures []Signature
	Searched   bool // all commits; else the last maxSigned of them

	change change
}

// signatures looks at all tags of approvals, and at the commits that head has.
func (h *history) signatures(tree fs.FS, pair promotion.Pair) (Approvals, error) {
	told := Approvals{Pair: pair}
	var err error
	if told.Content, err = promotion.Content(tree, pair); err != nil {
		return told, err
	}
	same := h.sameAs(told.Content, tree, pair, func(tree fs.FS) (evidence.Digest, error) { return promotion.Content(tree, pair) })
	if told.change, err = h.changeOf(authored{pair, told.Content}, same); err != nil {
		return told, err
	}
	told.Authors = told.change.authors
	h.once.Do(func() { h.signed = h.search() })
	if h.signed.err != nil {
		return told, h.signed.err
	}
	told.Searched = h.signed.whole
	for _, signed := range h.signed.found {
		if claim, claims := promotion.ParseClaim(signed.Message); claims && slices.Contains(claim.Promotions, pair) {
			told.Signatures = append(told.Signatures, h.weigh(signed, claim, same, told.change))
		}
	}
	for ref, why := range h.signed.refused {
		if strings.HasPrefix(ref, gitrepo.Approvals+pair.Environment+"/"+pair.Model+"/") {
			told.Signatures = append(told.Signatures, Signature{Ref: ref, Standing: Refused, Why: why.Error()})
		}
	}
	told.renew()
	slices.SortFunc(told.Signatures, func(a, b Signature) int {
		return strings.Compare(a.Time.Format(time.RFC3339)+a.Commit+a.Ref, b.Time.Format(time.RFC3339)+b.Commit+b.Ref)
	})
	return told, nil
}

// signedObjects are the tags and commits that claim to approve anything.
type signedObjects struct {
	found   []gitrepo.Signed
	refused map[string]error // tags that are none, by their names
	whole   bool             // all commits were searched
	err     error
}

func (h *history) search() signedObjects {
	var signed signedObjects
	if signed.found, signed.refused, signed.err = h.repository.Tags(gitrepo.Approvals); signed.err != nil {
		return signed
	}
	var commits []gitrepo.Commit
	commits, signed.whole, signed.err = h.repository.Between("", h.head, maxSigned)
	for _, commit := range commits {
		if _, claims := promotion.ParseClaim(commit.Message); !claims {
			continue
		}
		if one, err := h.repository.SignedCommit(commit.Hash); err == nil { // else it can be read in more ways than one: nobody signed that
			signed.found = append(signed.found, one)
		}
	}
	return signed
}

// skew is how far a clock may be ahead of ours.
const skew = 5 * time.Minute

// weigh says what one signature is worth.
func (h *history) weigh(signed gitrepo.Signed, claim promotion.Claim, same func(commit string) bool, work change) Signature {
	weighed := Signature{Ref: signed.Ref, Standing: Refused, Approval: gates.Approval{
		Name: signed.By.Name, Email: signature.Address(signed.By.Email), // until the key says who it is
		Meaning: claim.Meaning, Role: claim.Role, Time: signed.By.Time, Commit: signed.Commit,
	}}
	signer, err := h.people.Verify(signed.Payload, signed.Signature, h.now)
	withdrawn := errors.Is(err, signature.ErrWithdrawn)
	if err != nil {
		weighed.Why = err.Error()
	}
	if err != nil && !withdrawn {
		return weighed
	}
	weighed.Name, weighed.Email, weighed.Means, weighed.Key = signer.Name, signer.Email, signer.Means, signer.Key
	if weighed.Role == "" && len(signer.Roles) > 0 {
		weighed.Role = signer.Roles[0]
	}
	switch bound := same(signed.Commit); {
	case weighed.Time.After(h.now.Add(skew)):
		weighed.Why = "it is dated in the future"
	case !bound && work.commits[signed.Commit] && !withdrawn && !slices.Contains(work.authors, signer.Email):
		weighed.Standing, weighed.Why = Void, "the change was pushed again since"
	case !bound:
		weighed.Why = "it is about another content of the promotion"
	case withdrawn:
		weighed.Standing = Withdrawn
	case !slices.Contains(signer.Roles, weighed.Role):
		weighed.Why = fmt.Sprintf("assay.yaml does not give them the role %.40q", weighed.Role)
	default:
		weighed.Standing = Counted
	}
	return weighed
}

// renew takes what a person signed before out of consideration, once a
// signature of theirs counts.
func (a *Approvals) renew() {
	counted := map[string]bool{}
	for _, one := range a.Signatures {
		if one.Standing == Counted {
			counted[one.Email] = true
		}
	}
	for i, one := range a.Signatures {
		if (one.Standing == Void || one.Standing == Withdrawn) && counted[one.Email] {
			a.Signatures[i].Standing = Refused
			a.Signatures[i].Why += "; they have signed again"
		}
	}
}

// Approvals lists what people have signed about the promotions that merging
// head into base bears on; of all promotions, where head is what is merged.
func (w *Workshop) Approvals(ctx context.Context, base, head string) ([]Approvals, error) {
	if err := w.Repository.Fetch(ctx); err != nil {
		return nil, err
	}
	merged, err := w.Repository.MergeTree(base, head)
	if err != nil {
		return nil, err
	}
	trusted, err := w.Repository.Tree(merged.Base)
	if err != nil {
		return nil, err
	}
	since := merged.Base
	pairs, err := promotion.Affected(merged.Files, merged.Changed)
	if merged.Base == merged.Head {
		since = ""
		pairs, err = promotion.Pairs(merged.Files)
	}
	if err != nil {
		return nil, err
	}
	looked, err := w.historyOf(trusted, since, merged.Head)
	if err != nil {
		return nil, err
	}
	var told []Approvals
	for _, pair := range pairs {
		one, err := looked.signatures(merged.Files, pair)
		if err != nil {
			return nil, fmt.Errorf("%s in %s: %w", pair.Model, pair.Environment, err)
		}
		told = append(told, one)
	}
	return told, nil
}
