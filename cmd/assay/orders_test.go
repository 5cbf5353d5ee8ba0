package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

var recalled = "breast-malignancy@" + string(evidence.Sum([]byte("model")))

func TestAQuarantineIsWrittenForThePullRequest(t *testing.T) {
	t.Chdir(t.TempDir())
	code, stdout, stderr := assay(t, "quarantine", recalled, "--reason", "wrong for patients under 18", "--environment", "staging", "--environment", "production", "--by", "ruiz@example.org")
	file := "quarantines/breast-malignancy-" + evidence.Sum([]byte("model")).Hex()[:12] + ".yaml"
	if code != allowed || !strings.Contains(stdout, "wrote "+file) {
		t.Fatal(code, stdout, stderr)
	}
	var read v1alpha1.Quarantine
	if err := v1alpha1.Decode(file, []byte(readFile(t, file)), &read); err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSuffix(filepath.Base(file), ".yaml"); read.Metadata.Name != want || len(read.Spec.Environments) != 2 || read.Spec.By != "ruiz@example.org" {
		t.Errorf("wrote %+v", read)
	}
	if code, _, stderr := assay(t, "quarantine", recalled, "--reason", "again"); code != couldNotJudge || !strings.Contains(stderr, "is there already") {
		t.Errorf("again: %d, %s", code, stderr)
	}
}

func TestAQuarantineInAHurryIsAnObject(t *testing.T) {
	t.Chdir(t.TempDir())
	code, stdout, stderr := assay(t, "quarantine", recalled, "--reason", "recalled", "-o", "yaml")
	var object kube.Quarantine
	if err := yaml.UnmarshalStrict([]byte(stdout), &object); code != allowed || err != nil {
		t.Fatal(code, err, stdout, stderr)
	}
	if object.Kind != "Quarantine" || object.Spec.Digest != string(evidence.Sum([]byte("model"))) || object.Spec.Reason != "recalled" {
		t.Errorf("printed %s", stdout)
	}
	if _, err := os.Stat("quarantines"); err == nil {
		t.Error("and wrote a file")
	}
	for want, arguments := range map[string][]string{
		"is not <name>@sha256:<digest>": {"quarantine", "breast-malignancy:latest", "--reason", "x"},
		"spec.reason":                   {"quarantine", recalled, "--reason", " "},
		"spec.environments[0]":          {"quarantine", recalled, "--reason", "x", "--environment", "../.."},
		"metadata.name":                 {"quarantine", "../" + recalled, "--reason", "x"},
	} {
		if code, _, stderr := assay(t, arguments...); code != couldNotJudge || !strings.Contains(stderr, want) {
			t.Errorf("%v: %d, %s", arguments, code, stderr)
		}
	}
}

func TestABreakGlassIsSignedAndPrinted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if code, _, stderr := assay(t, "keys", "generate", "--out", dir); code != allowed {
		t.Fatal(stderr)
	}
	line := func(until string) []string {
		return []string{"breakglass", recalled, "--environment", "production", "--namespace", "models-production", "--reason", "the registry burns",
			"--ticket", "INC-7", "--until", until, "--key", filepath.Join(dir, "assay.key")}
	}
	began := time.Now().UTC().Truncate(time.Second)
	code, stdout, stderr := assay(t, line("4h")...)
	var object kube.BreakGlass
	if err := yaml.UnmarshalStrict([]byte(stdout), &object); code != allowed || err != nil {
		t.Fatal(code, err, stdout, stderr)
	}
	key, err := evidence.ParsePublicKey([]byte(readFile(t, filepath.Join(dir, "assay.pub"))))
	if err != nil {
		t.Fatal(err)
	}
	trust := evidence.Trust{{Name: "Dr. Ruiz", Key: key, Predicates: []string{evidence.GlassType}}}
	said, err := trust.Verify(t.Context(), evidence.Envelope(object.Spec.Envelope))
	if err != nil {
		t.Fatal(err)
	}
	issued, expires, err := said.Glass.Span()
	if err != nil || issued.Before(began) || expires.Sub(issued) != 4*time.Hour || said.Subject.String() != recalled {
		t.Errorf("signed %+v about %s", said.Glass, said.Subject)
	}
	if object.Kind != "BreakGlass" || object.Spec.Namespace != said.Glass.Namespace || object.Spec.Environment != said.Glass.Environment || object.Spec.Digest != string(said.Subject.Digest) {
		t.Errorf("beside it stands %+v", object.Spec)
	}
	for _, until := range []string{"", "yesterday", "-1h", "0s", "2020-01-01T00:00:00Z"} {
		if code, stdout, stderr := assay(t, line(until)...); code != couldNotJudge || stdout != "" || !strings.Contains(stderr, "--until") {
			t.Errorf("until %q: %d, %s", until, code, stderr)
		}
	}
}
