package sigstore

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/go-openapi/runtime"
	"github.com/sigstore/rekor/pkg/generated/models"
	"github.com/sigstore/rekor/pkg/types"
	_ "github.com/sigstore/rekor/pkg/types/dsse/v0.0.1"         // the kind of entry that attestations are
	_ "github.com/sigstore/rekor/pkg/types/hashedrekord/v0.0.1" // and that of signed commits
	"github.com/sigstore/rekor/pkg/util"
	"github.com/sigstore/sigstore/pkg/signature"
)

const treeID = 42

// enter answers POST /api/v1/log/entries.
func (d *Deployment) enter(w http.ResponseWriter, r *http.Request) {
	proposed, err := models.UnmarshalProposedEntry(r.Body, runtime.JSONConsumer())
	if err != nil {
		refuse(w, err)
		return
	}
	entry, err := types.CreateVersionedEntry(proposed)
	if err != nil {
		refuse(w, err)
		return
	}
	body, err := types.CanonicalizeEntry(r.Context(), entry)
	if err != nil {
		refuse(w, err)
		return
	}
	name, logged, err := d.log(r.Context(), body)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", name)
	w.Header().Set("Location", "/api/v1/log/entries/"+name)
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(models.LogEntry{name: logged})
}

// log enters a body, and proves it: now by a promise, and for good by a path to
// a signed root.
func (d *Deployment) log(ctx context.Context, body []byte) (string, models.LogEntryAnon, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	index := int64(d.tree.Size())
	d.tree.AppendData(body)
	public, err := x509.MarshalPKIXPublicKey(d.rekor.Public())
	if err != nil {
		return "", models.LogEntryAnon{}, err
	}
	id, at := hex.EncodeToString(sum(public)), d.Logged().Unix()
	promise, err := d.promiseEntry(body, id, index, at)
	if err != nil {
		return "", models.LogEntryAnon{}, err
	}
	proof, err := d.prove(ctx, index)
	if err != nil {
		return "", models.LogEntryAnon{}, err
	}
	return hex.EncodeToString(d.tree.LeafHash(uint64(index))), models.LogEntryAnon{
		Body: base64.StdEncoding.EncodeToString(body), IntegratedTime: &at, LogID: &id, LogIndex: &index,
		Verification: &models.LogEntryAnonVerification{SignedEntryTimestamp: promise, InclusionProof: proof},
	}, nil
}

// promiseEntry signs the entry's canonical JSON (RFC 8785): the fields in order.
func (d *Deployment) promiseEntry(body []byte, id string, index, at int64) ([]byte, error) {
	text, err := json.Marshal(struct {
		Body           []byte `json:"body"`
		IntegratedTime int64  `json:"integratedTime"`
		LogID          string `json:"logID"`
		LogIndex       int64  `json:"logIndex"`
	}{body, at, id, index})
	if err != nil {
		return nil, err
	}
	return d.rekor.Sign(rand.Reader, sum(text), crypto.SHA256)
}

func (d *Deployment) prove(ctx context.Context, index int64) (*models.InclusionProof, error) {
	size := int64(d.tree.Size())
	path, err := d.tree.InclusionProof(uint64(index), uint64(size))
	if err != nil {
		return nil, err
	}
	hashes := []string{}
	for _, hash := range path {
		hashes = append(hashes, hex.EncodeToString(hash))
	}
	signer, err := signature.LoadECDSASigner(d.rekor, crypto.SHA256)
	if err != nil {
		return nil, err
	}
	root := d.tree.Hash()
	note, err := util.CreateAndSignCheckpoint(ctx, "rekor.assay.test", treeID, uint64(size), root, signer)
	if err != nil {
		return nil, err
	}
	rootText, checkpoint := hex.EncodeToString(root), string(note)
	return &models.InclusionProof{TreeSize: &size, RootHash: &rootText, LogIndex: &index, Hashes: hashes, Checkpoint: &checkpoint}, nil
}

func sum(content []byte) []byte {
	digest := sha256.Sum256(content)
	return digest[:]
}
