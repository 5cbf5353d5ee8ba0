package main

import (
	"crypto/ed25519"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// stages is a repository in which staging holds the second release of a model and
// production, which has held both, the second too; and the key of one of its people.
type stages struct{ repository, key, state string }

func newStages(t *testing.T) stages {
	t.Helper()
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	line, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	made := stages{t.TempDir(), filepath.Join(t.TempDir(), "id"), t.TempDir()}
	writeFiles(t, filepath.Dir(made.key), map[string]string{"id": string(pem.EncodeToMemory(block))})
	first, second := string(evidence.Sum([]byte("first"))), string(evidence.Sum([]byte("second")))
	header := func(kind, name string) string {
		return "apiVersion: assay.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n"
	}
	release := func(environment, digest string) string {
		return header("Release", "tumour") + "  model: tumour\n  environment: " + environment + "\n  digest: " + digest + "\n  envelopes: []\n"
	}
	made.git(t, "init", "--quiet", "--initial-branch=main")
	made.commit(t, map[string]string{
		"assay.yaml": header("Platform", "demo") + "  registry: registry.example.org\n  environments: [staging, production]\n" +
			"  people:\n  - {name: Ines, email: ines@example.org, roles: [clinical], keys: [{ssh: \"" + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(line))) + "\"}]}\n",
		"environments/staging/environment.yaml":    header("Environment", "staging") + "  profile: staging\n  namespace: s\n",
		"environments/production/environment.yaml": header("Environment", "production") + "  after: staging\n  profile: production\n  namespace: p\n",
		"environments/staging/tumour.yaml":         header("Promotion", "tumour") + "  model: tumour\n",
		"environments/production/tumour.yaml":      header("Promotion", "tumour") + "  model: tumour\n  release: " + second + "\n",
	})
	for environment, held := range map[string][]string{"staging": {first, second}, "production": {first, second}} {
		made.git(t, "checkout", "--quiet", "--orphan", "env/"+environment)
		for _, digest := range held {
			made.commit(t, map[string]string{"tumour/release.yaml": release(environment, digest)})
		}
		made.git(t, "checkout", "--quiet", "main")
	}
	return made
}

func (s stages) git(t *testing.T, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=x", "-c", "user.email=pia@example.org"}, arguments...)...)
	command.Dir = s.repository
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, said)
	}
	return strings.TrimSpace(string(said))
}

func (s stages) commit(t *testing.T, files map[string]string) {
	t.Helper()
	writeFiles(t, s.repository, files)
	s.git(t, "add", "--all", ".")
	s.git(t, "commit", "--quiet", "-m", "change")
}

func (s stages) run(t *testing.T, arguments ...string) (int, string, string) {
	t.Helper()
	return assay(t, append(arguments, "--repository", s.repository, "--state", s.state)...)
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheWayBackIsProposedInASignedCommit(t *testing.T) {
	here := newStages(t)
	first, second := evidence.Sum([]byte("first")), evidence.Sum([]byte("second"))
	code, stdout, stderr := here.run(t, "rollback", "--environment", "production", "--model", "tumour", "--reason", "alarms at night", "--key", here.key)
	branch := "change/main/rollback/production/tumour"
	if code != allowed || !strings.Contains(stdout, "pushed "+branch) {
		t.Fatal(code, stdout, stderr)
	}
	if diff := here.git(t, "diff", "main", branch); !strings.Contains(diff, "+  release: "+string(first)) || !strings.Contains(diff, "left by a rollback in production: alarms at night") || !strings.Contains(diff, string(second)) {
		t.Errorf("it proposes %s", diff)
	}
	if commit := here.git(t, "cat-file", "-p", branch); !strings.Contains(commit, "author Ines <ines@example.org>") || !strings.Contains(commit, "BEGIN SSH SIGNATURE") {
		t.Errorf("it is %s", commit)
	}
	for want, arguments := range map[string][]string{
		"serves " + second.Short() + " already": {"rollback", "--environment", "production", "--model", "tumour", "--to", string(second)},
		"has never held":                        {"rollback", "--environment", "production", "--model", "tumour", "--to", string(evidence.Sum(nil))},
		"production does not promote lung":      {"rollback", "--environment", "production", "--model", "lung"},
		"nothing comes next in production":      {"promote", "--environment", "production", "--model", "tumour"},
		"digest":                                {"promote", "--environment", "production", "--model", "tumour", "--release", "latest"},
		"moon does not promote tumour":          {"promote", "--environment", "moon", "--model", "tumour"},
	} {
		if code, _, stderr := here.run(t, append(arguments, "--key", here.key)...); code != couldNotJudge || !strings.Contains(stderr, want) {
			t.Errorf("%v: %d, %s, want %q", arguments, code, stderr, want)
		}
	}
}

func TestAPromotionIsProposedByHand(t *testing.T) {
	here := newStages(t)
	first := string(evidence.Sum([]byte("first")))
	code, stdout, stderr := here.run(t, "promote", "--environment", "production", "--model", "tumour", "--release", first, "--key", here.key)
	if code != allowed || !strings.Contains(stdout, "change/main/promote/production/tumour") {
		t.Fatal(code, stdout, stderr)
	}
	if names := here.git(t, "diff", "--name-only", "main", "change/main/promote/production/tumour"); names != "environments/production/tumour.yaml" {
		t.Errorf("it changes %s", names)
	}
}

func TestEnvironmentsSayWhatServesWhere(t *testing.T) {
	here := newStages(t)
	code, stdout, stderr := here.run(t, "environments", "-o", "json")
	var entries []standingEntry
	if err := json.Unmarshal([]byte(stdout), &entries); code != allowed || err != nil {
		t.Fatal(code, err, stdout, stderr)
	}
	if second := string(evidence.Sum([]byte("second"))); len(entries) != 2 || entries[0].Serves != second || entries[0].Since == "" || entries[1].After[0] != "staging" || entries[1].Pinned != second || entries[1].Next != "" {
		t.Errorf("told %+v", entries)
	}
	if code, stdout, stderr := here.run(t, "environments"); code != allowed || !strings.HasPrefix(stdout, "ENVIRONMENT  AFTER") || !strings.Contains(stdout, "production   staging") {
		t.Error(code, stdout, stderr)
	}
}
