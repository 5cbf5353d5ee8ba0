package signature_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

var (
	now     = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	payload = []byte("object 0123\ntype commit\n\nApprove\n")
)

// tool runs a real program, far from the user's own configuration.
func tool(t *testing.T, stdin []byte, name string, arguments ...string) []byte {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Stdin = bytes.NewReader(stdin)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, &stderr)
	}
	return out
}

// keygen makes an SSH key with ssh-keygen, which the tests need as they need
// git.
func keygen(t *testing.T, arguments ...string) (file, public string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "key")
	tool(t, nil, "ssh-keygen", append([]string{"-q", "-N", "", "-C", "ines@example.org", "-f", file}, arguments...)...)
	text, err := os.ReadFile(file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	return file, string(text)
}

func sshSign(t *testing.T, file, namespace, hash string) []byte {
	t.Helper()
	return tool(t, payload, "ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-O", "hashalg="+hash, "-f", file)
}

// gpgHome is a GnuPG directory of its own; its path is short, as the agent's
// socket needs.
func gpgHome(t *testing.T) string {
	t.Helper()
	home, err := os.MkdirTemp("", "gpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		os.RemoveAll(home)
	})
	return home
}

func gpgKey(t *testing.T, home, algorithm, expires string) string {
	t.Helper()
	base := []string{"--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}
	tool(t, nil, "gpg", append(base, "--quick-generate-key", "Ines <ines@example.org>", algorithm, "sign", expires)...)
	return string(tool(t, nil, "gpg", append(base, "--armor", "--export", "ines@example.org")...))
}

func gpgSign(t *testing.T, home string, more ...string) []byte {
	t.Helper()
	arguments := append([]string{"--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}, more...)
	return tool(t, payload, "gpg", append(arguments, "--armor", "--detach-sign")...)
}

// soon is after everything that gpg does here: it knows no clock but its own.
func soon() time.Time { return time.Now().Add(time.Minute) }

func ines(keys ...v1alpha1.PersonKey) v1alpha1.Person {
	return v1alpha1.Person{Name: "Ines Albrecht", Email: "Ines@example.org ", Roles: []string{"statistician", "quality"}, Keys: keys}
}

func peopleOf(t *testing.T, people ...v1alpha1.Person) signature.People {
	t.Helper()
	read, err := signature.Of(people, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func fingerprint(t *testing.T, public string) string {
	t.Helper()
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(public))
	if err != nil {
		t.Fatal(err)
	}
	return ssh.FingerprintSHA256(key)
}
