package keyless

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	common "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	rekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"google.golang.org/protobuf/proto"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Detached says who signed a commit or a tag, given its text without the
// signature, and the signature: a CMS message of gitsign, in PEM, with the
// log's entry in it (gitsign.rekorMode offline). Everything that a bundle must
// prove must be proven of it as well.
// https://github.com/sigstore/gitsign
func (r *Root) Detached(content, signature []byte) (evidence.Identity, error) {
	read, err := readDetached(content, signature)
	if err != nil {
		return evidence.Identity{}, fmt.Errorf("reading a signed message: %w", err)
	}
	opened, err := read.bundle()
	if err != nil {
		return evidence.Identity{}, fmt.Errorf("reading a signed message: %w", err)
	}
	entries, err := opened.TlogEntries()
	if err != nil {
		return evidence.Identity{}, err
	}
	if err := loose(entries); err != nil {
		return evidence.Identity{}, err
	}
	policy := verify.NewPolicy(verify.WithArtifact(bytes.NewReader(read.message)), verify.WithoutIdentitiesUnsafe())
	if _, err := r.verifier.Verify(opened, policy); err != nil {
		return evidence.Identity{}, r.explain(opened, entries, err)
	}
	return identityOf(read.leaf)
}

// bundle is the same as a Sigstore bundle. Gitsign leaves the body of the entry
// out, because all of it stands elsewhere in the message.
func (d detached) bundle() (*bundle.Bundle, error) {
	entry := new(rekor.TransparencyLogEntry)
	if err := proto.Unmarshal(d.entry, entry); err != nil {
		return nil, err
	}
	body, err := d.body()
	if err != nil {
		return nil, err
	}
	entry.CanonicalizedBody = body
	digest := sha256.Sum256(d.message)
	return bundle.NewBundle(&protobundle.Bundle{
		MediaType: evidence.BundleType,
		VerificationMaterial: &protobundle.VerificationMaterial{
			Content:     &protobundle.VerificationMaterial_Certificate{Certificate: &common.X509Certificate{RawBytes: d.leaf.Raw}},
			TlogEntries: []*rekor.TransparencyLogEntry{entry},
		},
		Content: &protobundle.Bundle_MessageSignature{MessageSignature: &common.MessageSignature{
			MessageDigest: &common.HashOutput{Algorithm: common.HashAlgorithm_SHA2_256, Digest: digest[:]}, Signature: d.signature,
		}},
	})
}

// body is the canonical JSON (RFC 8785) of a hashedrekord: the fields in order.
// https://github.com/sigstore/rekor/blob/main/pkg/types/hashedrekord/v0.0.1/hashedrekord_v0_0_1_schema.json
func (d detached) body() ([]byte, error) {
	type object = map[string]any // encoding/json writes its fields in order
	digest := sha256.Sum256(d.message)
	holder := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.leaf.Raw})
	return json.Marshal(object{"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": object{
		"data":      object{"hash": object{"algorithm": "sha256", "value": hex.EncodeToString(digest[:])}},
		"signature": object{"content": d.signature, "publicKey": object{"content": holder}},
	}})
}
