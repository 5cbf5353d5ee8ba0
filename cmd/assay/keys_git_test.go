package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAPublicKeyIsShownAsGitWantsIt(t *testing.T) {
	dir := t.TempDir()
	if code, _, stderr := assay(t, "keys", "generate", "--out", dir); code != allowed {
		t.Fatal(stderr)
	}
	code, stdout, stderr := assay(t, "keys", "git", filepath.Join(dir, "assay.pub"))
	if code != allowed || !strings.HasPrefix(stdout, `reconciler@assay.dev namespaces="git" ssh-ed25519 AAAA`) || strings.Count(stdout, "\n") != 1 {
		t.Errorf("%d, %q, %s", code, stdout, stderr)
	}
	for _, wrong := range []string{"assay.key", "nothing"} {
		if code, stdout, _ := assay(t, "keys", "git", filepath.Join(dir, wrong)); code == allowed || stdout != "" {
			t.Errorf("%s was shown: %q", wrong, stdout)
		}
	}
}
