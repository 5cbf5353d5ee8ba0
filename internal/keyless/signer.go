package keyless

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/sigstore/sigstore-go/pkg/sign"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Scheme begins the reference of a Signer.
const Scheme = "keyless:"

const (
	timeout = 30 * time.Second // for each request
	retries = 2
)

// Signer signs each statement with a key of its own, certified for whoever the
// token names, and entered in a transparency log.
type Signer struct {
	fulcio, rekor string
	token         string // file; empty for the usual places
	root          *Root
	holder        bearer
}

var _ evidence.Signer = (*Signer)(nil)

// OpenSigner reads a reference:
//
//	keyless:?fulcio=URL&rekor=URL&root=FILE[&token=FILE]
//
// The services are named by whoever runs the program, and not by a repository:
// they are given the token, and with it could sign in its bearer's name. Nothing
// is the default: the public instance tells the world what it is asked to log.
func OpenSigner(reference string) (*Signer, error) {
	query, found := strings.CutPrefix(reference, Scheme+"?")
	named, err := url.ParseQuery(query)
	if !found || err != nil {
		return nil, errors.New("write " + Scheme + "?fulcio=URL&rekor=URL&root=trusted_root.json[&token=FILE]")
	}
	for name, values := range named {
		if name != "fulcio" && name != "rekor" && name != "root" && name != "token" || len(values) != 1 {
			return nil, fmt.Errorf("%.40q is not a part of a keyless signer, or stands twice", name)
		}
	}
	opened := &Signer{fulcio: named.Get("fulcio"), rekor: named.Get("rekor"), token: named.Get("token")}
	for _, service := range []string{opened.fulcio, opened.rekor} {
		if err := private(service); err != nil {
			return nil, err
		}
	}
	text, err := os.ReadFile(named.Get("root"))
	if err != nil {
		return nil, fmt.Errorf("reading the trusted root: %w", err)
	}
	if opened.root, err = ReadRoot(text); err != nil {
		return nil, err
	}
	if err := opened.root.Serves(opened.fulcio, opened.rekor); err != nil {
		return nil, err
	}
	_, opened.holder, err = token(opened.token) // now, not after an hour of measuring
	return opened, err
}

// private is an error for a URL that would show the token to the network.
func private(service string) error {
	at, err := url.Parse(service)
	if err != nil || at.Host == "" {
		return fmt.Errorf("%.120q is not the URL of a service", service)
	}
	if address := net.ParseIP(at.Hostname()); at.Scheme == "https" || at.Scheme == "http" && address != nil && address.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%.120q: the token travels by https only", service)
}

// Key names the bearer of the token: the key itself is another each time. What
// was signed under another trusted root may not be believed any more.
func (s *Signer) Key() string {
	return fmt.Sprintf("%s %s %s %s", Scheme, s.root.digest, s.holder.Issuer, s.holder.Subject)
}

// Sign states, signs, and verifies: what a service has answered is kept, and
// would be refused at every door.
func (s *Signer) Sign(ctx context.Context, statement evidence.Statement) (evidence.Envelope, error) {
	payload, err := statement.Encode()
	if err != nil {
		return nil, err
	}
	envelope, err := s.sign(ctx, payload)
	if err != nil {
		return nil, fmt.Errorf("signing evidence for %s: %w", statement.Subject, err)
	}
	return envelope, nil
}

func (s *Signer) sign(ctx context.Context, payload []byte) (evidence.Envelope, error) {
	identified, holder, err := token(s.token)
	if err != nil {
		return nil, err
	}
	if holder != s.holder {
		return nil, fmt.Errorf("the identity token is now of %.120q", holder.Subject)
	}
	pair, err := sign.NewEphemeralKeypair(nil)
	if err != nil {
		return nil, err
	}
	made, err := sign.Bundle(&sign.DSSEData{Data: payload, PayloadType: evidence.PayloadType}, pair, sign.BundleOptions{
		CertificateProvider:        sign.NewFulcio(&sign.FulcioOptions{BaseURL: s.fulcio, Timeout: timeout, Retries: retries}),
		CertificateProviderOptions: &sign.CertificateProviderOptions{IDToken: identified},
		TransparencyLogs:           []sign.Transparency{sign.NewRekor(&sign.RekorOptions{BaseURL: s.rekor, Timeout: timeout, Retries: retries})},
		Context:                    ctx,
	})
	if err != nil {
		return nil, fmt.Errorf("asking %s and %s: %w", s.fulcio, s.rekor, err)
	}
	text, err := protojson.Marshal(made)
	if err != nil {
		return nil, err
	}
	var plain bytes.Buffer // protojson puts blanks where it likes
	if err := json.Compact(&plain, text); err != nil {
		return nil, err
	}
	if _, err := s.root.Identify(plain.Bytes()); err != nil {
		return nil, fmt.Errorf("%s and %s answered what cannot be verified: %w", s.fulcio, s.rekor, err)
	}
	return plain.Bytes(), nil
}
