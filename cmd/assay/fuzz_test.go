package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// FuzzAReleaseIsWrittenInOneWay: text that is taken for a release is that
// release, written again.
func FuzzAReleaseIsWrittenInOneWay(f *testing.F) {
	digest := string(evidence.Sum(nil))
	for _, seed := range []string{"r/models/m@" + digest, "/models/@" + digest, "r/models/models/m@" + digest, "@", "r/models/m"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		registry, release, err := parseRelease(text)
		if err == nil && (registry == "" || registry+"/models/"+release.String() != text) {
			t.Errorf("%q is %q, %v", text, registry, release)
		}
	})
}

// FuzzAContractKeepsItsFileName: a contract is read, or refused with the path
// that was given.
func FuzzAContractKeepsItsFileName(f *testing.F) {
	for _, seed := range []string{"", "kind: Dataset\n", "apiVersion: assay.dev/v1alpha1\nkind: Dataset\nmetadata: {name: x}\nspec: {key: [}", "a,b\n1,2\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "dataset.yaml")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		contract, err := readContract(path)
		if err != nil && !strings.Contains(err.Error(), path) || err == nil && contract == nil {
			t.Errorf("%q: %v, %v", text, contract, err)
		}
	})
}

// FuzzHeadIsOneLineOrNone: what HEAD says is one branch or commit.
func FuzzHeadIsOneLineOrNone(f *testing.F) {
	for _, seed := range []string{"ref: refs/heads/main\n", "ref: refs/heads/ \nmain", "ref: refs/heads/", "\n", "0123456789abcdef"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "HEAD"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if head, err := headOf(dir); err == nil && (head != strings.TrimSpace(head) || strings.Contains(head, "\n")) {
			t.Errorf("%q: head is %q", text, head)
		}
	})
}
