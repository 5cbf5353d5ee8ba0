package sigstore

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	merkle "github.com/transparency-dev/merkle/testonly"
)

// Deployment is a running Sigstore. All of its services are under one URL. Its
// clocks may be set before it is used.
type Deployment struct {
	URL    string
	Issued func() time.Time // clock of the certificate authority
	Logged func() time.Time // clock of the transparency log

	server   *httptest.Server
	fulcio   authority
	stamps   authority
	stamper  stamper
	ctlog    *ecdsa.PrivateKey
	rekor    *ecdsa.PrivateKey
	provider ed25519.PrivateKey // signs tokens

	mutex sync.Mutex
	tree  *merkle.Tree
}

// Open starts a deployment with keys of its own.
func Open() (*Deployment, error) {
	d := &Deployment{Issued: time.Now, Logged: time.Now, tree: merkle.New(rfc6962.DefaultHasher)}
	var err error
	for _, key := range []**ecdsa.PrivateKey{&d.ctlog, &d.rekor} {
		if *key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return nil, err
		}
	}
	if _, d.provider, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return nil, err
	}
	if d.fulcio, err = newAuthority("fulcio"); err != nil {
		return nil, err
	}
	if d.stamps, err = newAuthority("timestamps"); err != nil {
		return nil, err
	}
	if d.stamper, err = newStamper(d.stamps); err != nil {
		return nil, err
	}
	services := http.NewServeMux()
	services.HandleFunc("POST /api/v2/signingCert", answering(d.signingCertificate))
	services.HandleFunc("POST /api/v1/log/entries", d.enter)
	services.HandleFunc("POST /api/v1/timestamp", d.stamp)
	d.server = httptest.NewServer(services)
	d.URL = d.server.URL
	return d, nil
}

// Close ends the deployment.
func (d *Deployment) Close() { d.server.Close() }
