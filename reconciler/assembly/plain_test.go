package assembly

import (
	"crypto/ed25519"
	"errors"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// overHTTP gives the repository out by git's own server.
func (o origin) overHTTP() string {
	o.t.Helper()
	o.git(o.bare, "config", "http.receivepack", "true")
	server := httptest.NewServer(&cgi.Handler{
		Path: filepath.Join(o.git(o.bare, "--exec-path"), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(o.bare), "GIT_HTTP_EXPORT_ALL=1"},
	})
	o.t.Cleanup(server.Close)
	return server.URL + "/" + filepath.Base(o.bare)
}

// signing opens a workshop that signs with a key made of a seed.
func signing(t *testing.T, address string) (*Workshop, ssh.PublicKey) {
	t.Helper()
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	signer, err := evidence.SignerOf(private)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	workshop, err := Open(Options{Repository: address, StateDir: t.TempDir(), Signer: signer, Clock: func() time.Time { return time.Unix(1_800_000_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return workshop, public
}

func TestAPlainRepositoryCarriesAConversation(t *testing.T) {
	o := newOrigin(t)
	o.push("main", "ada@example.org", map[string]string{"a": "1"})
	head := o.push("change/main/better", "ada@example.org", map[string]string{"b": "1"})
	workshop, public := signing(t, o.overHTTP())
	plain := forge.NewPlain(workshop.PlainGit())

	open, err := plain.Open(t.Context())
	if err != nil || len(open) != 1 || open[0].Head != head || open[0].Author != "ada@example.org" || open[0].Base != "main" {
		t.Fatalf("open are %+v, %v", open, err)
	}
	check := forge.Check{Name: "performance", Outcome: forge.Passed, Title: "it is better"}
	for range 2 {
		if err := plain.Report(t.Context(), head, []forge.Check{check}); err != nil {
			t.Fatal(err)
		}
	}
	if said := o.git(o.bare, "log", "-1", "--notes=assay-checks", "--format=%N", head); !strings.Contains(said, "it is better") {
		t.Errorf("git reads the note %q", said)
	}
	if written := o.git(o.bare, "rev-list", "--count", ChecksRef); written != "1" {
		t.Errorf("saying it twice made %s commits", written)
	}

	merge := forge.Merge{Number: open[0].Number, Head: head, Message: "merge better\n"}
	merged, err := plain.Merge(t.Context(), merge)
	if err != nil {
		t.Fatal(err)
	}
	if parents := o.git(o.bare, "log", "-1", "--format=%P", "main"); !strings.HasSuffix(parents, head) || o.git(o.bare, "rev-parse", "main") != merged {
		t.Errorf("main is at %s with the parents %s", merged, parents)
	}
	if again, err := plain.Merge(t.Context(), merge); err != nil || again != merged {
		t.Errorf("merging twice: %s, %v", again, err)
	}
	o.accepts(public, "main")
	o.accepts(public, ChecksRef)
	o.git(o.bare, "fsck", "--strict")
}

// accepts asks git itself whether it believes the signature of a commit.
func (o origin) accepts(public ssh.PublicKey, commit string) {
	o.t.Helper()
	allowed := filepath.Join(o.t.TempDir(), "allowed")
	if err := os.WriteFile(allowed, []byte(AllowedSigner(public)), 0o600); err != nil {
		o.t.Fatal(err)
	}
	said := o.git(o.bare, "-c", "gpg.ssh.allowedSignersFile="+allowed, "verify-commit", "--verbose", commit)
	if !strings.Contains(said, `Good "git" signature for reconciler@assay.dev`) {
		o.t.Errorf("git says of %s: %s", commit, said)
	}
}

func TestAPlainMergeGivesWayToWhoWasFaster(t *testing.T) {
	o := newOrigin(t)
	tip := o.push("main", "ada@example.org", map[string]string{"a": "1"})
	head := o.push("change/main/better", "ada@example.org", map[string]string{"b": "1"})
	workshop, _ := signing(t, o.bare)
	o.git(o.clone, "checkout", "--quiet", "main")
	now := o.push("main", "emil@example.org", map[string]string{"c": "1"})
	if _, err := workshop.PlainGit().Merge(t.Context(), "main", tip, head, "merge\n"); !errors.Is(err, forge.ErrMoved) {
		t.Errorf("merged into a branch that has moved: %v", err)
	}
	if at := o.git(o.bare, "rev-parse", "main"); at != now {
		t.Errorf("main is at %s, not at %s", at, now)
	}
}

func TestANoteThatNobodyWroteIsEmpty(t *testing.T) {
	o := newOrigin(t)
	tip := o.push("main", "ada@example.org", map[string]string{"a": "1"})
	workshop, _ := signing(t, o.bare)
	if said, err := workshop.PlainGit().Note(t.Context(), tip); err != nil || said != "" {
		t.Errorf("the note is %q, %v", said, err)
	}
}
