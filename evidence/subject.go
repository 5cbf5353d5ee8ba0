package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
)

// Digest names content: "sha256:" and 64 lower-case hexadecimal digits.
type Digest string

var digestText = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// ParseDigest accepts exactly the text of a Digest. Upper case, other
// algorithms and shortened forms are refused: one content, one name.
func ParseDigest(text string) (Digest, error) {
	if !digestText.MatchString(text) {
		return "", fmt.Errorf("%.80q is not a digest (sha256: and 64 hexadecimal digits)", text)
	}
	return Digest(text), nil
}

// Sum is the digest of some bytes.
func Sum(content []byte) Digest {
	sum := sha256.Sum256(content)
	return Digest("sha256:" + hex.EncodeToString(sum[:]))
}

// SumReader is the digest of all that the reader gives.
func SumReader(r io.Reader) (Digest, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, r); err != nil {
		return "", err
	}
	return Digest("sha256:" + hex.EncodeToString(hash.Sum(nil))), nil
}

// Hex is the digest without its algorithm.
func (d Digest) Hex() string {
	if len(d) < len("sha256:") {
		return ""
	}
	return string(d[len("sha256:"):])
}

// Short is enough of the digest for people to tell releases apart.
func (d Digest) Short() string {
	if len(d) < 19 {
		return string(d)
	}
	return string(d[:19])
}

// Subject is what a claim is about: a digest, and the name people use for it.
// Only the digest identifies; a subject that agrees by name alone is another.
type Subject struct {
	Name   string `json:"name"`
	Digest Digest `json:"digest"`
}

// Zero holds for the subject of nothing.
func (s Subject) Zero() bool { return s.Digest == "" }

func (s Subject) String() string {
	if s.Zero() {
		return "nothing"
	}
	return s.Name + "@" + string(s.Digest)
}
