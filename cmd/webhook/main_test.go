package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCommandLine(t *testing.T) {
	rego := filepath.Join(t.TempDir(), "broken.rego")
	if err := os.WriteFile(rego, []byte("package"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, story := range []struct {
		line string
		code int
		want string
	}{
		{"--help", stopped, "example"},
		{"", misused, "--config is missing"},
		{"--config c", misused, "give one of --cert-dir and --self-signed"},
		{"--config c --cert-dir d --self-signed", misused, "give one of"},
		{"--config c --self-signed --port 0", misused, "not a port"},
		{"--config c --self-signed --log d", misused, "give both of --log and --log-key"},
		{"--config c --self-signed --registry-fallback", misused, "go build -tags registry"},
		{"--config c --self-signed extra", misused, `"extra"`},
		{"--config c --audit --self-signed", misused, "--audit answers no review"},
		{"--config c --audit --kubeconfig absent", broken, "finding the cluster"},
		{"--unknown", misused, "not defined"},
		{"--config c --self-signed --policies " + filepath.Dir(rego), broken, "compiling the policies"},
		{"--print-policy", stopped, "sha256:"},
		{"--print-policy --policies " + filepath.Dir(rego), broken, "compiling the policies"},
		{"--print-policy --policies absent", broken, "absent"},
		{"--config c --self-signed --kubeconfig absent", broken, "finding the cluster"},
	} {
		t.Run(story.line, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), strings.Fields(story.line), &stdout, &stderr)
			if told := stdout.String() + stderr.String(); code != story.code || !strings.Contains(told, story.want) {
				t.Errorf("exit code %d, want %d; it said:\n%s", code, story.code, told)
			}
		})
	}
}
