package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// assay runs the whole command as main does.
func assay(t *testing.T, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, told bytes.Buffer
	code = run(t.Context(), arguments, &out, &told)
	return code, out.String(), told.String()
}

func TestKeysAreSecretAndNeverOverwritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	code, stdout, stderr := assay(t, "keys", "generate", "--out", dir)
	if code != allowed || !strings.Contains(stdout, "assay.key") {
		t.Fatal(code, stdout, stderr)
	}
	private := readFile(t, filepath.Join(dir, "assay.key"))
	info, err := os.Stat(filepath.Join(dir, "assay.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	signer, err := evidence.NewSigner([]byte(private))
	if err != nil {
		t.Fatal(err)
	}
	public, err := evidence.ParsePublicKey([]byte(readFile(t, filepath.Join(dir, "assay.pub"))))
	if err != nil || !public.(ed25519.PublicKey).Equal(signer.Public()) {
		t.Errorf("the halves do not fit: %v", err)
	}
	if code, _, stderr := assay(t, "keys", "generate", "--out", dir); code != couldNotJudge || !strings.Contains(stderr, "is there already\nassay: hint: ") {
		t.Errorf("again: %d, %s", code, stderr)
	}
	if readFile(t, filepath.Join(dir, "assay.key")) != private {
		t.Error("the key was overwritten")
	}
	if err := os.Remove(filepath.Join(dir, "assay.key")); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := assay(t, "keys", "generate", "--out", dir); code != couldNotJudge {
		t.Errorf("beside another public key: %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "assay.key")); err == nil {
		t.Error("half a pair was left behind")
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestInitWritesIntoNothingButAnEmptyDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := assay(t, "init", dir); code != allowed {
		t.Fatal(code, stderr)
	}
	for _, name := range []string{"assay.yaml", "README.md", "models/breast-malignancy/model.yaml", "datasets/wdbc/data.csv", "environments/staging/environment.yaml"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	before := readFile(t, filepath.Join(dir, "assay.yaml"))
	if code, _, stderr := assay(t, "init", dir); code != couldNotJudge || !strings.Contains(stderr, "is not empty") || !strings.Contains(stderr, "hint: ") {
		t.Errorf("again: %d, %s", code, stderr)
	}
	if readFile(t, filepath.Join(dir, "assay.yaml")) != before {
		t.Error("a file was overwritten")
	}
}

func TestExplainKnowsEveryRule(t *testing.T) {
	court, err := judge.New(t.Context(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	code, listed, _ := assay(t, "explain")
	if code != allowed || !strings.Contains(listed, court.PolicyDigest()) {
		t.Fatal(code, listed)
	}
	for _, rule := range court.Rules() {
		code, stdout, stderr := assay(t, "explain", rule)
		if code != allowed || !strings.Contains(listed, rule+" ") {
			t.Errorf("%s: %d, %s", rule, code, stderr)
		}
		for _, part := range []string{rule, "severity: ", "clause: ", "remedy: ", "satisfied if"} {
			if !strings.Contains(stdout, part) {
				t.Errorf("%s: %q is not explained", rule, part)
			}
		}
	}
	var rules []struct{ Rule, Remedy string }
	if _, stdout, _ := assay(t, "explain", "-o", "json"); json.Unmarshal([]byte(stdout), &rules) != nil || len(rules) != len(court.Rules()) {
		t.Errorf("%d rules in %s", len(rules), stdout)
	}
}

func TestAnUnknownRuleComesWithAHint(t *testing.T) {
	for typed, hint := range map[string]string{
		"equal_opportunity": "did you mean model.bias.equal_opportunity?", "model.bias.equal": "did you mean model.bias.equal_opportunity?",
		"xyzzy": "assay explain lists all rules", "": "assay explain lists all rules", "model.": "assay explain lists all rules",
		"\x1b[2J": "assay explain lists all rules",
	} {
		code, stdout, stderr := assay(t, "explain", typed)
		if code != couldNotJudge || stdout != "" || !strings.Contains(stderr, "assay: hint: "+hint) || strings.Contains(stderr, "\x1b") {
			t.Errorf("%q: %d, %s%s", typed, code, stdout, stderr)
		}
	}
}

func TestAReleaseIsWrittenByItsDigest(t *testing.T) {
	digest := string(evidence.Sum(nil))
	for text, want := range map[string][2]string{
		"registry.example.org/assay/models/tumour@" + digest:    {"registry.example.org/assay", "tumour"},
		"127.0.0.1:5000/models/tumour@" + digest:                {"127.0.0.1:5000", "tumour"},
		"registry.example.org/models/x/models/tumour@" + digest: {"registry.example.org/models/x", "tumour"},
	} {
		registry, release, err := parseRelease(text)
		if err != nil || registry != want[0] || release.Name != want[1] || string(release.Digest) != digest {
			t.Errorf("%s: %q, %v, %v", text, registry, release, err)
		}
	}
	for _, text := range []string{"", "@", "tumour@" + digest, "/models/tumour@" + digest, "r/models/tumour:latest", "r/models/tumour",
		"r/models/tumour@" + strings.ToUpper(digest), "r/models/tumour@" + digest + "@" + digest, "r/models/tumour@sha512:" + digest[7:]} {
		if registry, release, err := parseRelease(text); err == nil {
			t.Errorf("%q: %q, %v", text, registry, release)
		}
	}
}

func TestHeadIsWhatIsCheckedOut(t *testing.T) {
	for head, want := range map[string]string{
		"ref: refs/heads/lower-threshold\n": "lower-threshold", "ref: refs/heads/a/b": "a/b",
		"4b825dc642cb6eb9a060e54bf8d69288fbee4904\n": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
	} {
		for _, name := range []string{".git/HEAD", "HEAD"} { // a clone, a bare repository
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(head), 0o600)); err != nil {
				t.Fatal(err)
			}
			if got, err := headOf(dir); err != nil || got != want {
				t.Errorf("%s %q: %q, %v", name, head, got, err)
			}
		}
	}
	if _, err := headOf(t.TempDir()); err == nil || !strings.Contains(err.Error(), "hint: ") {
		t.Errorf("error is %v", err)
	}
}

func TestExitCodes(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, test := range map[string]struct {
		ctx       context.Context
		arguments []string
		code      int
		stderr    string
	}{
		"help":            {t.Context(), []string{"--help"}, allowed, ""},
		"unknown command": {t.Context(), []string{"horoscope"}, couldNotJudge, `unknown command "horoscope"`},
		"unknown flag":    {t.Context(), []string{"check", "--force"}, couldNotJudge, "unknown flag"},
		"unknown output":  {t.Context(), []string{"explain", "-o", "yaml"}, couldNotJudge, `-o "yaml" is none of text, json`},
		"no repository":   {t.Context(), []string{"check", "--repository", t.TempDir(), "--state", t.TempDir()}, couldNotJudge, "is not a git repository"},
		"record unsigned": {t.Context(), []string{"check", "--record"}, couldNotJudge, "--record needs --key"},
		"remote, no head": {t.Context(), []string{"check", "--repository", "https://git.example.org/x", "--state", t.TempDir()}, couldNotJudge, "--head is required"},
		"remote tree":     {t.Context(), []string{"train", "x", "--repository", "https://git.example.org/x"}, couldNotJudge, "works on a directory"},
		"no release":      {t.Context(), []string{"verify", "tumour"}, couldNotJudge, "is not a digest"},
		"two lines":       {t.Context(), []string{"verify", "r/models/x@" + string(evidence.Sum(nil)), "--trust", "/nowhere"}, couldNotJudge, "assay: reading whom to trust"},
		"interrupted":     {stopped, []string{"check", "--repository", "/nowhere", "--head", "x", "--state", t.TempDir()}, couldNotJudge, "assay: interrupted; run the same command again"},
		"key is no file":  {t.Context(), []string{"check", "--key", "/nowhere", "--state", t.TempDir()}, couldNotJudge, "reading the signing key"},
		"empty tree":      {t.Context(), []string{"train", "x", "--repository", t.TempDir(), "--state", t.TempDir()}, couldNotJudge, "reading assay.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			if code := run(test.ctx, test.arguments, io.Discard, &stderr); code != test.code || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("exit code %d, %q", code, stderr.String())
			}
			for line := range strings.Lines(stderr.String()) {
				if !strings.HasPrefix(line, "assay: ") {
					t.Errorf("line %q does not say who speaks", line)
				}
			}
		})
	}
}

// every command and its children, but for those that cobra adds.
func every(command *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{command}
	for _, child := range command.Commands() {
		if name := child.Name(); name != "help" && name != "completion" {
			all = append(all, every(child)...)
		}
	}
	return all
}

func TestEveryCommandShowsAnExample(t *testing.T) {
	for _, command := range every(newRoot()) {
		path := command.CommandPath()
		if command.Short == "" || command.Example == "" || strings.HasSuffix(command.Short, ".") {
			t.Errorf("%s: short %q, example %q", path, command.Short, command.Example)
		}
		code, stdout, _ := assay(t, append(strings.Fields(path)[1:], "--help")...)
		if code != allowed || !strings.Contains(stdout, "Examples:") {
			t.Errorf("%s --help: %d, %s", path, code, stdout)
		}
		for line := range strings.Lines(stdout) {
			if strings.HasPrefix(line, "  assay ") && command.HasParent() && !strings.Contains(stdout, path) {
				t.Errorf("%s: the example is of another command: %s", path, line)
			}
		}
	}
}

func TestShellsCompleteCommandsAndRules(t *testing.T) {
	for typed, want := range map[string]string{"explain ": "model.bias.equal_opportunity", "explain -o ": "json", "ke": "keys", "measure ": "performance"} {
		arguments := append([]string{"__complete"}, strings.Split(typed, " ")...)
		if code, stdout, stderr := assay(t, arguments...); code != allowed || !strings.Contains(stdout, want) {
			t.Errorf("%q: %d, %s%s", typed, code, stdout, stderr)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if code, stdout, _ := assay(t, "completion", shell); code != allowed || !strings.Contains(stdout, "assay") {
			t.Errorf("%s: %d", shell, code)
		}
	}
}

func TestAnAttemptIsRightWhenTheExpectedRuleShutTheDoor(t *testing.T) {
	for name, test := range map[string]struct {
		tried         attempt
		outcome, rule string
	}{
		"allowed as it should":     {attempt{allowed: true}, "allowed", ""},
		"denied as it should":      {attempt{want: "a.b", rules: []string{"a.b"}}, "denied", "a.b"},
		"denied with others":       {attempt{want: "a.b", rules: []string{"x.y", "a.b", "z"}}, "denied", "a.b +2"},
		"allowed, must be denied":  {attempt{want: "a.b", allowed: true}, "allowed (WRONG)", ""},
		"allowed, though it found": {attempt{want: "a.b", rules: []string{"a.b"}, allowed: true}, "allowed (WRONG)", ""},
		"denied, must be allowed":  {attempt{rules: []string{"x.y"}}, "denied (WRONG)", "x.y"},
		"denied by another rule":   {attempt{want: "a.b", rules: []string{"x.y"}}, "denied (WRONG)", "x.y"},
		"denied by no rule":        {attempt{want: "a.b"}, "denied (WRONG)", ""},
	} {
		if outcome, rule := test.tried.outcome(), test.tried.rule(); outcome != test.outcome || rule != test.rule {
			t.Errorf("%s: %q by %q", name, outcome, rule)
		}
	}
}

func TestTheTableCountsWhatWentWrong(t *testing.T) {
	var out bytes.Buffer
	told := &story{out: &out, attempts: []attempt{
		{what: "a model", door: pullRequest, allowed: true, took: 1500 * time.Millisecond},
		{what: "a däta set", door: apiServer, want: "a.b", allowed: true},
	}}
	if wrong := told.table(); wrong != 1 {
		t.Errorf("%d went wrong", wrong)
	}
	want := `
what was tried  door          outcome          rule  ms
---------------------------------------------------------
a model         pull request  allowed                1500
a däta set      API server    allowed (WRONG)        0
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
}

func TestRulesAreFoundInADenialOfTheAPIServer(t *testing.T) {
	message := `admission webhook "admit.assay.dev" denied the request: denied: workload.released: no Release holds it
hint: model.evidence.verified: 1 problem; workload.released: again`
	if got := strings.Join(rulesIn(message), " "); got != "workload.released model.evidence.verified" {
		t.Errorf("rules %s", got)
	}
	if got := lineOf(message, "workload.released"); got != "workload.released: no Release holds it" {
		t.Errorf("line %q", got)
	}
}
