package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

const approved = "breast-malignancy"

// signatureRules are those that read signatures.
var signatureRules = []string{
	"model.compliance.approvals", "model.compliance.signature_binding",
	"model.compliance.signature_meaning", "model.compliance.signers_unique",
}

// branch checks out a new branch of main with a change that nobody has signed:
// another seed for each branch, for an approval is of content, wherever it is.
func (b *bench) branch(name string, seed int) {
	b.t.Helper()
	b.must([]string{"checkout", "--quiet", "-B", name, "main"})
	b.again(name, "seed: 1", fmt.Sprint("seed: ", seed))
}

// again pushes another change of the recipe to the branch that is checked out.
func (b *bench) again(name, old, new string) {
	b.t.Helper()
	if err := b.push(b.t.Context(), name, func() error { return b.replace("models/"+approved+"/model.yaml", old, new) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) must(commands ...[]string) {
	b.t.Helper()
	if err := b.git(b.t.Context(), commands...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) head() string {
	b.t.Helper()
	head, err := harness.Git(b.t.Context(), b.clone, "rev-parse", "HEAD")
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.TrimSpace(head)
}

// signs lets somebody tag what is checked out, with any message.
func (b *bench) signs(by harness.Person, tag, message string) {
	b.t.Helper()
	if err := by.Tag(b.clone, tag, b.head(), message, looked); err != nil {
		b.t.Fatal(err)
	}
	b.must([]string{"push", "--quiet", "origin", "refs/tags/approvals/" + tag})
}

const (
	trailers = "Looked at it\n\nAssay-Promotion: development/" + approved + "\n"
	review   = trailers + "Assay-Meaning: review\n"
)

// told is what the approvals command would list of the one promotion.
func (b *bench) told(head string) assembly.Approvals {
	b.t.Helper()
	told, err := b.Approvals(b.t.Context(), "main", head)
	if err != nil || len(told) != 1 {
		b.t.Fatalf("%d promotions, %v", len(told), err)
	}
	return told[0]
}

// standing is what each signature is worth, by the name of its tag or the
// subject that was given to its commit.
func (b *bench) standing(head string) map[string]string {
	b.t.Helper()
	found := map[string]string{}
	for _, one := range b.told(head).Signatures {
		name := strings.TrimPrefix(one.Ref, "refs/tags/approvals/")
		if name == "" {
			subject, err := harness.Git(b.t.Context(), b.clone, "log", "-1", "--format=%s", one.Commit)
			if err != nil {
				b.t.Fatal(err)
			}
			name = strings.TrimSpace(subject)
		}
		found[name] = fmt.Sprint(one.Standing, " ", one.Email, " ", one.Means)
	}
	return found
}

// People sign with what they have: git, OpenSSH and GnuPG. Their tags and their
// commits count alike.
func TestPeopleSignWithTheirOwnTools(t *testing.T) {
	t.Setenv("GIT_COMMITTER_DATE", looked.Format(time.RFC3339))
	bench := newBench(t, approved)
	keys := t.TempDir()
	wrapper, gpgPublic := gnuPG(t, keys)
	run(t, keys, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(keys, "ssh"))
	sshPublic, err := os.ReadFile(filepath.Join(keys, "ssh.pub"))
	if err != nil {
		t.Fatal(err)
	}
	bench.pushed("people", func() error {
		return bench.replace("assay.yaml", "people:", "people:\n    - name: Gustav Gnu\n      email: gustav@example.org\n      roles: [security]\n      keys:\n        - gpg: |\n            "+
			strings.ReplaceAll(strings.TrimSpace(gpgPublic), "\n", "\n            ")+
			"\n    - name: Olga Open\n      email: olga@example.org\n      roles: [clinical]\n      keys:\n        - ssh: "+string(sshPublic))
	})
	bench.mustMerge("people")
	bench.branch("own-tools", 2)
	ssh := []string{"-c", "gpg.format=ssh", "-c", "user.signingkey=" + filepath.Join(keys, "ssh")}
	gpg := []string{"-c", "gpg.program=" + wrapper, "-c", "user.signingkey=gustav@example.org"}
	for name, tool := range map[string][]string{"by-ssh": ssh, "by-gpg": gpg} {
		bench.must(
			slices.Concat(tool, []string{"tag", "-s", "-m", review, "approvals/" + name}),
			slices.Concat(tool, []string{"commit", "--quiet", "--allow-empty", "-S", "-m", "commit-" + name + "\n\n" + review}),
		)
	}
	bench.must([]string{"tag", "-a", "-m", review, "approvals/unsigned"}, []string{"tag", "approvals/development/" + approved + "/light"},
		[]string{"push", "--quiet", "origin", "own-tools", "--tags"})
	want := map[string]string{
		"by-ssh": "counted olga@example.org ssh", "commit-by-ssh": "counted olga@example.org ssh",
		"by-gpg": "counted gustav@example.org gpg", "commit-by-gpg": "counted gustav@example.org gpg",
		"unsigned": "refused emil@example.org ", "development/" + approved + "/light": "refused  ",
	}
	got := bench.standing("own-tools")
	for name, worth := range want {
		if got[name] != worth {
			t.Errorf("%s is %q, want %q", name, got[name], worth)
		}
	}
	if authors := bench.told("own-tools").Authors; !slices.Equal(authors, []string{"emil@example.org"}) {
		t.Errorf("authors are %v: who signs an empty commit has made nothing", authors)
	}
	if denied := bench.denied("own-tools"); len(denied) > 0 {
		t.Errorf("denied by %v", denied)
	}
}

// gnuPG makes a key, and a program that signs with it at a time in the past:
// GnuPG asks no clock of ours.
func gnuPG(t *testing.T, dir string) (program, public string) {
	t.Helper()
	home, err := os.MkdirTemp("", "gpg") // short: the agent's socket is in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		os.RemoveAll(home)
	})
	program = filepath.Join(dir, "gpg")
	script := "#!/bin/sh\nexec gpg --homedir " + home + " --batch --quiet --pinentry-mode loopback --passphrase '' --faked-system-time 20260302T093000 \"$@\"\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, dir, program, "--quick-generate-key", "Gustav <gustav@example.org>", "ed25519", "sign", "never")
	return program, run(t, dir, program, "--armor", "--export", "gustav@example.org")
}

func run(t *testing.T, dir, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = dir
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// denied are the rules about signatures that deny merging a branch.
func (b *bench) denied(branch string) []string {
	b.t.Helper()
	var denied []string
	for _, finding := range ofModel(b.t, b.mustCheck(branch), approved).Denials() {
		if slices.Contains(signatureRules, finding.Rule) {
			denied = append(denied, finding.Rule)
		}
	}
	return denied
}

// Whatever is wrong with one signature, one rule says so, and the others are
// content.
func TestEachFaultOfASignatureIsOneRules(t *testing.T) {
	t.Parallel()
	bench := newBench(t, approved)
	revoked, err := harness.NewPerson("Rita Revoked", "rita@example.org", "quality")
	if err != nil {
		t.Fatal(err)
	}
	author, err := harness.NewPerson("Emil Engineer", "emil@example.org", "model_owner")
	if err != nil {
		t.Fatal(err)
	}
	bench.pushed("people", func() error {
		return bench.replace("assay.yaml", "people:", harness.Listed(author, revoked)+"\n          revoked: \"2026-10-01T00:00:00Z\"")
	})
	bench.mustMerge("people")
	for i, story := range []struct{ name, rule string }{
		{"all-is-well", ""},
		{"no-meaning", "model.compliance.signature_meaning"},
		{"pushed-again", "model.compliance.signature_binding"},
		{"revoked-key", "model.compliance.signers_unique"},
		{"author-alone", "model.compliance.approvals"},
		{"plain-tag-alone", "model.compliance.approvals"},
		{"another-promotion", "model.compliance.approvals"},
	} {
		bench.branch(story.name, 10+i)
		switch story.name {
		case "no-meaning":
			bench.signs(bench.clinician, story.name, trailers)
		case "pushed-again":
			bench.signs(bench.clinician, story.name, review)
			bench.again(story.name, fmt.Sprint("seed: ", 10+i), "seed: 99")
		case "revoked-key":
			bench.signs(revoked, story.name, review)
		case "author-alone":
			bench.signs(author, story.name, review)
		case "plain-tag-alone":
			bench.signs(bench.clinician, story.name, "Looks good to me\n")
		case "another-promotion":
			bench.signs(bench.clinician, story.name, strings.Replace(review, "development/", "staging/", 1))
		}
		if story.rule != "model.compliance.approvals" {
			bench.signs(bench.statistician, story.name+"-too", review)
		}
		if got := strings.Join(bench.denied(story.name), " "); got != story.rule {
			t.Errorf("%s: denied by %q, want %q", story.name, got, story.rule)
		}
	}
	bench.pushed("shared-key", func() error {
		return bench.replace("assay.yaml", "people:", harness.Listed(harness.Person{Name: "Second", Email: "second@example.org", Roles: []string{"quality"}, Public: bench.security.Public}))
	})
	bench.mustMerge("shared-key")
	bench.change("after-shared-key", approved)
	if got := bench.denied("after-shared-key"); !slices.Equal(got, []string{"model.compliance.signers_unique"}) {
		t.Errorf("a shared key: denied by %v", got)
	}
}

// An approval is of content: it survives whatever leaves the content as it is,
// and nothing that does not.
func TestAnApprovalIsOfTheContentHoweverItIsMerged(t *testing.T) {
	t.Parallel()
	bench := newBench(t, approved)
	bench.branch("squashed", 2)
	bench.signs(bench.clinician, "before-the-squash", review)
	bench.must(
		[]string{"checkout", "--quiet", "main"},
		[]string{"merge", "--quiet", "--squash", "squashed"},
		[]string{"-c", "user.name=Forge", "-c", "user.email=noreply@forge.example.org", "commit", "--quiet", "--author=Emil Engineer <emil@example.org>", "-m", "Squashed"},
		[]string{"push", "--quiet", "origin", "--delete", "squashed"},
		[]string{"push", "--quiet", "origin", "main"},
	)
	if got := bench.standing("main")["before-the-squash"]; !strings.HasPrefix(got, "counted") {
		t.Errorf("after the squash it is %q", got)
	}
	if authors := bench.told("main").Authors; !slices.Equal(authors, []string{"emil@example.org", "noreply@forge.example.org"}) {
		t.Errorf("authors are %v", authors)
	}
	bench.must([]string{"commit", "--quiet", "--allow-empty", "-m", "nothing"})
	if err := bench.push(t.Context(), "main", func() error { return bench.replace("README.md", "# ", "# The ") }); err != nil {
		t.Fatal(err)
	}
	if got := bench.standing("main")["before-the-squash"]; !strings.HasPrefix(got, "counted") {
		t.Errorf("after a change of something else it is %q", got)
	}
	bench.again("main", "seed: 2", "seed: 3")
	if got := bench.standing("main")["before-the-squash"]; !strings.HasPrefix(got, "refused") {
		t.Errorf("after a change of the recipe it is %q", got)
	}
}
