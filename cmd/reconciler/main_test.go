package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func TestWhatAnOperatorIsTold(t *testing.T) {
	noKey := filepath.Join(t.TempDir(), "assay.key")
	if err := os.WriteFile(noKey, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	someKey := filepath.Join(t.TempDir(), "some.key")
	if err := os.WriteFile(someKey, private, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		arguments      []string
		code           int
		stdout, stderr string
	}{
		"help":          {[]string{"--help"}, stopped, "Example:\n  assay keys generate", ""},
		"help of flags": {[]string{"-h"}, stopped, "-leader-election", ""},
		"no key":        {nil, misused, "", "--key is required"},
		"a word":        {[]string{"--key", noKey, "start"}, misused, "", `unexpected argument "start"`},
		"no such look":  {[]string{"--key", noKey, "--health", "hope"}, misused, "", `--health: "hope" is not none, argo or workloads`},
		"unknown flag":  {[]string{"--force"}, misused, "", "hint: assay-reconciler --help"},
		"no such file":  {[]string{"--key", "/nowhere"}, broken, "", "reading the signing key"},
		"not a key":     {[]string{"--key", noKey}, broken, "", "the private key is not PEM"},
		"not a log key": {[]string{"--key", someKey, "--log-key", noKey}, broken, "", "the audit log's private key is not PEM"},
		"no log key":    {[]string{"--key", someKey, "--log-key", "/nowhere"}, broken, "", "reading the audit log's key"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), test.arguments, &stdout, &stderr)
			if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("exit code %d\n%s\n%s", code, stdout.String(), stderr.String())
			}
		})
	}
}

func TestTheLedgerLiesInTheStateUnlessItIsShared(t *testing.T) {
	var stdout bytes.Buffer
	chosen, err := parse([]string{"--key", "k", "--state", "/state"}, &stdout)
	if err != nil || chosen.ledger != filepath.Join("/state", "ledger") || chosen.log != filepath.Join("/state", "log") || chosen.logKey != "k" || chosen.namespace != "assay-system" || chosen.leaderElection {
		t.Errorf("chosen %+v, %v", chosen, err)
	}
	chosen, err = parse([]string{"--key", "k", "--state", "/state", "--ledger", "/shared", "--log", "/kept", "--log-key", "l"}, &stdout)
	if err != nil || chosen.ledger != "/shared" || chosen.log != "/kept" || chosen.logKey != "l" {
		t.Errorf("chosen %+v, %v", chosen, err)
	}
	if _, err := parse([]string{"--help"}, &stdout); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("error is %v", err)
	}
}
