package sigstore

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// claims are what a token says of its bearer.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Email    string `json:"email,omitempty"`
	Verified bool   `json:"email_verified,omitempty"`
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
}

// name is what goes into the certificate, and what proves possession of a key.
func (c claims) name() string {
	if c.Email != "" {
		return c.Email
	}
	return c.Subject
}

// Token is what an identity provider gives somebody: a signed JWT. A subject
// with an at sign is a person's address, any other the URI of a workload.
func (d *Deployment) Token(issuer, subject string) string {
	said := claims{Issuer: issuer, Subject: subject, Audience: "sigstore", Expires: dusk.Unix()}
	if strings.Contains(subject, "@") {
		said.Subject, said.Email, said.Verified = "user-1", subject, true
	}
	body, err := json.Marshal(said)
	if err != nil {
		panic(err) // text and numbers only
	}
	signed := segment([]byte(`{"alg":"EdDSA","typ":"JWT"}`)) + "." + segment(body)
	return signed + "." + segment(ed25519.Sign(d.provider, []byte(signed)))
}

func segment(content []byte) string { return base64.RawURLEncoding.EncodeToString(content) }

func (d *Deployment) bearer(header string) (claims, error) {
	var said claims
	token, bearer := strings.CutPrefix(header, "Bearer ")
	at := strings.LastIndex(token, ".")
	if !bearer || at < 0 {
		return said, errors.New("no token")
	}
	signature, err := base64.RawURLEncoding.DecodeString(token[at+1:])
	if err != nil || !ed25519.Verify(d.provider.Public().(ed25519.PublicKey), []byte(token[:at]), signature) {
		return said, errors.New("the token is not of this identity provider")
	}
	_, body, _ := strings.Cut(token[:at], ".")
	content, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return said, err
	}
	return said, json.Unmarshal(content, &said)
}
