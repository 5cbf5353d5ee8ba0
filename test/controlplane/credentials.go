package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"os"
)

// ensureAccountKey makes the key that signs service account tokens. It is kept,
// so that a token of an earlier run stays valid.
func ensureAccountKey(dir folder) error {
	if exists(dir.accountKey()) {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	return writeKey(dir.accountKey(), key)
}

// ensureToken returns the administrator's bearer token, made once per folder,
// and lists it in the token file the API server reads.
func ensureToken(dir folder) (string, error) {
	if !exists(dir.token()) {
		if err := write(dir.token(), []byte(rand.Text())); err != nil {
			return "", err
		}
	}
	token, err := os.ReadFile(dir.token())
	if err != nil {
		return "", err
	}
	line := fmt.Sprintf("%s,admin,admin,system:masters\n", token)
	return string(token), write(dir.tokens(), []byte(line))
}
