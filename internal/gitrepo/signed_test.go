package gitrepo_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// signature is text that stands where a signature does.
func signature([]byte) ([]byte, error) {
	return []byte("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"), nil
}

// signer is a program that git takes for gpg: it keeps what it was asked to
// sign.
func (o origin) signer() (program, signed string) {
	o.t.Helper()
	dir := o.t.TempDir()
	program, signed = filepath.Join(dir, "gpg"), filepath.Join(dir, "signed")
	script := "#!/bin/sh\ncat > " + signed + "\necho '[GNUPG:] SIG_CREATED ' >&2\nprintf -- '-----BEGIN PGP SIGNATURE-----\\n\\nAAAA\\n-----END PGP SIGNATURE-----\\n'\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		o.t.Fatal(err)
	}
	return program, signed
}

const pgp = "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n"

// What was signed is, byte for byte, what git gave to the signer.
func TestWhatWasSignedIsWhatGitSigned(t *testing.T) {
	o := newOrigin(t)
	head := o.commit("main", map[string]string{"a": "1"})
	program, kept := o.signer()
	asSigned := func(what string, signed gitrepo.Signed, message string) {
		t.Helper()
		payload, err := os.ReadFile(kept)
		if err != nil || string(signed.Payload) != string(payload) || string(signed.Signature) != pgp || signed.Message != message {
			t.Errorf("%s: read %q signed by %q, want %q (%v)", what, signed.Payload, signed.Signature, payload, err)
		}
		if signed.By.Email != "ada@example.org" || signed.By.Name != "Ada" || time.Since(signed.By.Time) > time.Hour || signed.By.Time.Location() != time.UTC {
			t.Errorf("%s: by %+v", what, signed.By)
		}
	}
	for _, message := range []string{"one line\n", "subject\n\nbody\n\nTrailer: x\n"} {
		o.git(o.work, "-c", "gpg.program="+program, "commit", "--quiet", "--allow-empty", "-S", "-m", message)
		o.git(o.work, "push", "--quiet", "origin", "main")
		hash := o.git(o.work, "rev-parse", "HEAD")
		signed, err := o.fetched().SignedCommit(hash)
		if err != nil || signed.Commit != hash || signed.Ref != "" {
			t.Errorf("commit %+v, %v", signed, err)
		}
		asSigned("commit", signed, message)
	}
	o.git(o.work, "-c", "gpg.program="+program, "tag", "-s", "-m", "approve\n\nTrailer: y", "approvals/a/b", head)
	o.git(o.work, "push", "--quiet", "origin", "--tags")
	tags, refused, err := o.fetched().Tags(gitrepo.Approvals)
	if err != nil || len(tags) != 1 || len(refused) != 0 || tags[0].Commit != head || tags[0].Ref != "refs/tags/approvals/a/b" {
		t.Fatalf("tags %+v, %v, %v", tags, refused, err)
	}
	asSigned("tag", tags[0], "approve\n\nTrailer: y\n")
}

// A tag that is made here is one to git.
func TestATagThatIsMadeHereIsOneToGit(t *testing.T) {
	o := newOrigin(t)
	head := o.commit("main", map[string]string{"a": "1"})
	by := gitrepo.Author{Name: "Ada", Email: "ada@example.org", Time: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
	const ref = "refs/tags/approvals/x"
	if err := gitrepo.SignTag(o.work, ref, head, "approve\n", by, signature); err != nil {
		t.Fatal(err)
	}
	o.git(o.work, "fsck", "--strict")
	o.git(o.work, "push", "--quiet", "origin", ref)
	if got := o.inBare("for-each-ref", "--format=%(objecttype) %(*objectname) %(taggeremail) %(taggerdate:iso-strict) %(contents:subject)", ref); got !=
		"tag "+head+" <ada@example.org> 2026-03-02T09:30:00+00:00 approve" {
		t.Errorf("git says %q", got)
	}
	tags, _, err := o.fetched().Tags(gitrepo.Approvals)
	if err != nil || len(tags) != 1 || tags[0].By != by || tags[0].Message != "approve\n" {
		t.Errorf("tags %+v, %v", tags, err)
	}
	refuses := errors.New("no hand")
	for name, err := range map[string]error{
		"there already":    gitrepo.SignTag(o.work, ref, head, "approve\n", by, signature),
		"not a tag":        gitrepo.SignTag(o.work, "refs/heads/x", head, "approve\n", by, signature),
		"no such commit":   gitrepo.SignTag(o.work, ref+"y", strings.Repeat("0", 40), "approve\n", by, signature),
		"a hostile name":   gitrepo.SignTag(o.work, ref+"y", head, "approve\n", gitrepo.Author{Name: "x\nobject", Email: "a@b"}, signature),
		"signed in text":   gitrepo.SignTag(o.work, ref+"y", head, "a\n-----BEGIN PGP SIGNATURE-----\n", by, signature),
		"no repository":    gitrepo.SignTag(t.TempDir(), ref+"y", head, "approve\n", by, signature),
		"nobody who signs": gitrepo.SignTag(o.work, ref+"y", head, "approve\n", by, func([]byte) ([]byte, error) { return nil, refuses }),
	} {
		if err == nil {
			t.Errorf("%s: a tag was made", name)
		}
	}
}

// What is no annotated tag of a commit is told, and is no tag.
func TestOnlyAnnotatedTagsOfCommitsAreTags(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	o.git(o.work, "tag", "approvals/light")
	o.git(o.work, "tag", "-a", "-m", "x", "approvals/annotated")
	o.git(o.work, "tag", "-a", "-m", "x", "approvals/of-a-tag", "approvals/annotated")
	o.git(o.work, "tag", "-a", "-m", "x", "approvals/of-a-tree", "HEAD^{tree}")
	o.git(o.work, "tag", "-a", "-m", "x", "elsewhere")
	o.git(o.work, "push", "--quiet", "origin", "--tags")
	repo := o.fetched()
	tags, refused, err := repo.Tags(gitrepo.Approvals)
	if err != nil || len(tags) != 1 || len(refused) != 3 || refused["refs/tags/approvals/light"] == nil {
		t.Errorf("%d tags, %v, %v", len(tags), refused, err)
	}
	refs, err := repo.Refs(gitrepo.Approvals)
	if err != nil || len(refs) != 4 {
		t.Errorf("refs %v, %v", refs, err)
	}
	o.git(o.work, "push", "--quiet", "origin", "--delete", "approvals/annotated")
	if err := repo.Fetch(t.Context(), gitrepo.Approvals+"*"); err != nil {
		t.Fatal(err)
	}
	if tags, _, err := repo.Tags(gitrepo.Approvals); err != nil || len(tags) != 0 {
		t.Errorf("after it was taken back: %v, %v", tags, err)
	}
}
