package forge_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// checkAssertion verifies a token of the App itself as GitHub does.
func checkAssertion(t *testing.T, header string, key *rsa.PublicKey, now time.Time) {
	t.Helper()
	parts := strings.Split(strings.TrimPrefix(header, "Bearer "), ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", header)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature := must(base64.RawURLEncoding.DecodeString(parts[2]))(t)
	succeed(t, rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature))
	var claims struct {
		Iat, Exp int64
		Iss      string
	}
	succeed(t, json.Unmarshal(must(base64.RawURLEncoding.DecodeString(parts[1]))(t), &claims))
	if claims.Iss != "7" || claims.Iat > now.Unix() || claims.Exp <= now.Unix() || claims.Exp-claims.Iat > 600 {
		t.Errorf("got %+v", claims)
	}
}

func TestAnAppFetchesATokenAnHour(t *testing.T) {
	key := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	clock, fetched := newClock(), 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v3/app/installations/42/access_tokens", func(w http.ResponseWriter, r *http.Request) {
		checkAssertion(t, r.Header.Get("Authorization"), &key.PublicKey, clock.Now())
		fetched++
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"token":"ghs_%d","expires_at":%q}`, fetched, clock.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	})
	mux.HandleFunc("GET /api/v3/app", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"slug":"assay"}`) })
	server := httptest.NewServer(mux)
	defer server.Close()
	encoded := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	app := must(forge.NewApp(server.URL, 7, 42, encoded, nil, clock))(t)
	for _, step := range []struct {
		later time.Duration
		want  string
	}{{0, "ghs_1"}, {50 * time.Minute, "ghs_1"}, {6 * time.Minute, "ghs_2"}} {
		succeed(t, clock.Sleep(t.Context(), step.later))
		if token := must(app.Credential(t.Context()))(t); token != step.want {
			t.Errorf("got %s, want %s", token, step.want)
		}
	}
	if login := must(app.Login(t.Context()))(t); login != "assay[bot]" {
		t.Errorf("got %s", login)
	}
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	for _, key := range []string{"", "secret", "-----BEGIN RSA PRIVATE KEY-----\naGVsbG8=\n-----END RSA PRIVATE KEY-----\n"} {
		if _, err := forge.NewApp("https://github.com", 1, 1, []byte(key), nil, newClock()); err == nil {
			t.Errorf("%q was taken", key)
		}
	}
}

func TestARotatedTokenCountsAtOnce(t *testing.T) {
	w := newWorld(t, kinds[0])
	path := filepath.Join(t.TempDir(), "token")
	hub := must(forge.NewGitHub(forge.Remote{URL: w.url, Repository: repository, Credential: forge.TokenFile(path), Budget: w.budget}))(t)
	for secret, works := range map[string]bool{token: true, "withdrawn": false} {
		succeed(t, os.WriteFile(path, []byte(secret+"\n"), 0o600))
		if _, err := hub.Open(t.Context()); (err == nil) != works {
			t.Errorf("with %q: %v", secret, err)
		}
	}
}
