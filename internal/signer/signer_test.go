package signer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// vault speaks the two routes of Vault's transit engine that signing needs.
// https://developer.hashicorp.com/vault/api-docs/secret/transit
type vault struct {
	key     atomic.Value // crypto.Signer
	refuses atomic.Bool
}

func (v *vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Vault-Token") != "let-me-in" || v.refuses.Load() {
		http.Error(w, `{"errors":["permission denied"]}`, http.StatusForbidden)
		return
	}
	key := v.key.Load().(held).Signer
	switch {
	case r.URL.Path == "/v1/transit/keys/assay":
		answer(w, map[string]any{"latest_version": 1, "keys": map[string]any{"1": describe(key)}})
	case strings.HasPrefix(r.URL.Path, "/v1/transit/sign/assay"):
		var asked struct {
			Input     []byte `json:"input"`
			Prehashed bool   `json:"prehashed"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			http.Error(w, `{"errors":["what?"]}`, http.StatusBadRequest)
			return
		}
		hash := crypto.Hash(0)
		if asked.Prehashed {
			hash = crypto.SHA256
		}
		signature, err := key.Sign(rand.Reader, asked.Input, hash)
		if err != nil {
			http.Error(w, `{"errors":["cannot sign"]}`, http.StatusInternalServerError)
			return
		}
		answer(w, map[string]any{"signature": "vault:v1:" + base64.StdEncoding.EncodeToString(signature)})
	default:
		http.NotFound(w, r)
	}
}

// held gives every kind of key one type, which atomic.Value asks for.
type held struct{ crypto.Signer }

func describe(key crypto.Signer) map[string]any {
	if public, ok := key.Public().(ed25519.PublicKey); ok {
		return map[string]any{"name": "ed25519", "public_key": base64.StdEncoding.EncodeToString(public)}
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil
	}
	return map[string]any{"name": "P-256", "public_key": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}
}

func answer(w http.ResponseWriter, data map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"data": data})
}

func serve(t *testing.T, key crypto.Signer) *vault {
	t.Helper()
	service := &vault{}
	service.key.Store(held{key})
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	t.Setenv("VAULT_ADDR", server.URL)
	t.Setenv("VAULT_TOKEN", "let-me-in")
	t.Setenv("VAULT_MAX_RETRIES", "0")
	return service
}

func elliptical(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func edwards(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func statement() evidence.Statement {
	return evidence.Trained(evidence.Subject{Name: "m", Digest: evidence.Sum([]byte("model"))}, evidence.Provenance{})
}

func believes(t *testing.T, signer evidence.Signer) error {
	t.Helper()
	envelope, err := signer.Sign(t.Context(), statement())
	if err != nil {
		return err
	}
	trust := evidence.Trust{{Name: "service", Key: signer.(evidence.KeySigner).Public(), Predicates: evidence.PredicateTypes()}}
	_, err = trust.Verify(t.Context(), envelope)
	return err
}

func TestAKeyServiceSignsWhatTrustVerifies(t *testing.T) {
	for name, key := range map[string]crypto.Signer{"ecdsa": elliptical(t, elliptic.P256()), "ed25519": edwards(t)} {
		serve(t, key)
		signer, err := Open(t.Context(), "hashivault://assay")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := believes(t, signer); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A service that goes on to another version of its key would sign what nobody
// trusts; that is an error when it signs, not when a cluster refuses it.
func TestAKeyThatWasReplacedInTheServiceIsNoticed(t *testing.T) {
	service := serve(t, elliptical(t, elliptic.P256()))
	signer, err := Open(t.Context(), "hashivault://assay")
	if err != nil {
		t.Fatal(err)
	}
	service.key.Store(held{elliptical(t, elliptic.P256())})
	if err := believes(t, signer); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Errorf("signed with another key: %v", err)
	}
}

func TestWhatCannotSignIsAnErrorAtOnce(t *testing.T) {
	service := serve(t, elliptical(t, elliptic.P384()))
	if _, err := Open(t.Context(), "hashivault://assay"); err == nil || !strings.Contains(err.Error(), "P-256") {
		t.Errorf("a key on another curve: %v", err)
	}
	service.refuses.Store(true)
	if _, err := Open(t.Context(), "hashivault://assay"); err == nil || !strings.Contains(err.Error(), "hashivault://assay") {
		t.Errorf("no permission: %v", err)
	}
	for _, reference := range []string{"vault://assay", "keyless:", "keyless:?fulcio=https://fulcio.example.org", "hashivault://", "://", "awskms://nonsense", filepath.Join(t.TempDir(), "absent")} {
		if _, err := Open(t.Context(), reference); err == nil {
			t.Errorf("%s was opened", reference)
		}
	}
}

func TestAFileIsAKey(t *testing.T) {
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "assay.key")
	if err := os.WriteFile(file, private, 0o600); err != nil {
		t.Fatal(err)
	}
	signer, err := Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if err := believes(t, signer); err != nil {
		t.Error(err)
	}
}
