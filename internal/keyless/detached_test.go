package keyless_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"os"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
)

// signedCommit takes apart a commit that somebody signed with gitsign and
// Sigstore's public instance: what was signed, and the signature.
func signedCommit(t testing.TB) (content, signature []byte) {
	t.Helper()
	text, err := os.ReadFile("testdata/commit.txt")
	if err != nil {
		t.Fatal(err)
	}
	var kept, armour strings.Builder
	within := false
	for line := range strings.Lines(string(text)) {
		header, named := strings.CutPrefix(line, "gpgsig ")
		continued, indented := strings.CutPrefix(line, " ")
		switch within = named || within && indented; {
		case named:
			armour.WriteString(header)
		case within:
			armour.WriteString(continued)
		default:
			kept.WriteString(line)
		}
	}
	return []byte(kept.String()), []byte(armour.String())
}

func publicRoot(t testing.TB) *keyless.Root {
	t.Helper()
	text, err := os.ReadFile("testdata/public_trusted_root.json")
	if err != nil {
		t.Fatal(err)
	}
	root, err := keyless.ReadRoot(text)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// A commit of years ago is believed by the root alone; of another text, or by
// another root, it is not.
func TestACommitSignedInANameIsBelieved(t *testing.T) {
	content, signature := signedCommit(t)
	who, err := publicRoot(t).Detached(content, signature)
	if err != nil || who != (evidence.Identity{Issuer: "https://accounts.google.com", Subject: "billy@chainguard.dev"}) {
		t.Fatalf("%s, %v", who, err)
	}
	for name, story := range map[string]struct {
		root               *keyless.Root
		content, signature []byte
		want               string
	}{
		"another text":      {publicRoot(t), append(bytes.Clone(content), '\n'), signature, "it signs another content"},
		"another root":      {rootOf(t, whole(deploy(t))), content, signature, "a transparency log that the trusted root does not name"},
		"no signature":      {publicRoot(t), content, nil, "not one signed message"},
		"another signature": {publicRoot(t), content, []byte("-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n"), "not one signed message"},
		"two signatures":    {publicRoot(t), content, append(bytes.Clone(signature), signature...), "not one signed message"},
		"an empty one":      {publicRoot(t), content, []byte("-----BEGIN SIGNED MESSAGE-----\n-----END SIGNED MESSAGE-----\n"), "reading a signed message"},
	} {
		if who, err := story.root.Detached(story.content, story.signature); err == nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %s, %v", name, who, err)
		}
	}
}

// Whatever bit of the message is another, nobody but its signer is named. A few
// of them mean nothing: which version a structure has, and which algorithms it
// names again.
func TestAChangedMessageNamesNobodyElse(t *testing.T) {
	t.Parallel()
	content, signature := signedCommit(t)
	root := publicRoot(t)
	block, _ := pem.Decode(signature)
	meaningless := 0
	for i := range block.Bytes {
		der := bytes.Clone(block.Bytes)
		der[i] ^= 1
		who, err := root.Detached(content, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: der}))
		if err != nil {
			continue
		}
		if who.Subject != "billy@chainguard.dev" {
			t.Errorf("byte %d changed: %s", i, who)
		}
		meaningless++
	}
	t.Logf("%d of %d bytes mean nothing", meaningless, len(block.Bytes))
	if meaningless > 25 {
		t.Errorf("%d of %d bytes mean nothing", meaningless, len(block.Bytes))
	}
}

// FuzzAMessageNamesItsSigner: whatever stands under a text, nobody is named but
// who signed that text.
func FuzzAMessageNamesItsSigner(f *testing.F) {
	content, signature := signedCommit(f)
	root := publicRoot(f)
	block, _ := pem.Decode(signature)
	f.Add(content, block.Bytes)
	f.Add([]byte("another"), block.Bytes)
	f.Add(content, []byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, text, der []byte) {
		armour := "-----BEGIN SIGNED MESSAGE-----\n" + base64.StdEncoding.EncodeToString(der) + "\n-----END SIGNED MESSAGE-----\n"
		who, err := root.Detached(text, []byte(armour))
		if err == nil && (who.Subject != "billy@chainguard.dev" || !bytes.Equal(text, content)) {
			t.Errorf("%s signed %q", who, text)
		}
	})
}
