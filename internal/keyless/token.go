package keyless

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Where a token is looked for when no file is named: as cosign does, in the
// environment, and where a pod's service account token is projected to.
// https://docs.sigstore.dev/cosign/signing/signing_with_containers/
const (
	tokenVariable = "SIGSTORE_ID_TOKEN"
	tokenFile     = "/var/run/sigstore/cosign/oidc-token"
	maxToken      = 64 << 10 // bytes
)

// bearer is who a token says that they are. It is believed by nobody here: the
// certificate authority asks the provider's keys.
type bearer struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Email   string `json:"email"`
}

// token reads the token anew: one that is projected into a pod is replaced every
// hour.
func token(file string) (string, bearer, error) {
	if file == "" {
		if text := os.Getenv(tokenVariable); text != "" {
			return readToken(text)
		}
		file = tokenFile
	}
	opened, err := os.Open(file)
	if err != nil {
		return "", bearer{}, fmt.Errorf("reading the identity token: %w\nhint: name a file (&token=FILE), or set %s", err, tokenVariable)
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxToken+1))
	if err != nil {
		return "", bearer{}, fmt.Errorf("reading the identity token: %w", err)
	}
	return readToken(string(text))
}

func readToken(text string) (string, bearer, error) {
	var said bearer
	text = strings.TrimSpace(text)
	parts := strings.Split(text, ".")
	if len(text) > maxToken || len(parts) != 3 {
		return "", said, errors.New("the identity token is not a JWT")
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(claims, &said) != nil || said.Issuer == "" || said.Subject == "" {
		return "", said, errors.New("the identity token does not say who gave it (iss) to whom (sub)")
	}
	return text, said, nil
}
