package forge

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-github/v84/github"
)

// App is a GitHub App at one of its installations: the credential that may
// write check runs. Its tokens live for an hour and are fetched when needed.
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
type App struct {
	id           int64
	installation int64
	key          *rsa.PrivateKey
	client       *github.Client
	clock        Clock

	mu      sync.Mutex
	token   string
	expires time.Time
}

// NewApp reads the private key as GitHub hands it out: PEM, PKCS #1 (or #8).
func NewApp(forge string, id, installation int64, key []byte, transport http.RoundTripper, clock Clock) (*App, error) {
	private, err := parseKey(key)
	if err != nil {
		return nil, fmt.Errorf("reading the key of App %d: %w", id, err)
	}
	base, err := Remote{URL: forge}.base()
	if err != nil {
		return nil, err
	}
	app := &App{id: id, installation: installation, key: private, clock: clock}
	if transport == nil {
		transport = http.DefaultTransport
	}
	app.client = github.NewClient(&http.Client{Transport: signed{transport, base.Host, "Bearer", app.assertion}, Timeout: requestTimeout})
	app.client.BaseURL = gitHubAPI(base)
	return app, nil
}

func parseKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is not in PEM form")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is no private key")
	}
	if key, is := parsed.(*rsa.PrivateKey); is {
		return key, nil
	}
	return nil, errors.New("it is no RSA key")
}

// assertion is the JSON Web Token by which the App itself speaks. A minute is
// taken off for clocks that differ; GitHub allows ten minutes in all.
func (a *App) assertion(context.Context) (string, error) {
	now := a.clock.Now()
	claims, err := json.Marshal(map[string]any{
		"iat": now.Add(-time.Minute).Unix(), "exp": now.Add(8 * time.Minute).Unix(), "iss": fmt.Sprint(a.id),
	})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encode(claims)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, digest[:])
	return text + "." + encode(signature), err
}

// Credential is the App's, at its installation.
func (a *App) Credential(ctx context.Context) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.clock.Now().Before(a.expires.Add(-5 * time.Minute)) {
		return a.token, nil
	}
	fresh, _, err := a.client.Apps.CreateInstallationToken(ctx, a.installation, nil)
	if err != nil {
		return "", fmt.Errorf("asking for a token of installation %d: %w", a.installation, gitHubError(err))
	}
	a.token, a.expires = fresh.GetToken(), fresh.GetExpiresAt().Time
	return a.token, nil
}

// Login is the name under which the App comments, for [Remote].
func (a *App) Login(ctx context.Context) (string, error) {
	app, _, err := a.client.Apps.Get(ctx, "")
	if err != nil {
		return "", fmt.Errorf("asking for the name of App %d: %w", a.id, gitHubError(err))
	}
	return app.GetSlug() + "[bot]", nil
}
