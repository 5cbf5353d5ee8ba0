package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childMark in the environment makes the test binary be the command. A process
// of its own is needed for every start, because kube-apiserver keeps feature
// gates and metrics in global variables.
const childMark = "ASSAY_CONTROLPLANE_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childMark) != "" {
		main()
	}
	os.Exit(m.Run())
}

// command returns the command under test, not yet started.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), childMark+"=1")
	return cmd
}

// finish runs the command to its end.
func finish(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := command(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// process is a control plane that was started.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout *bufio.Reader
	stderr bytes.Buffer
}

// launch starts a control plane in dir. It follows the test into death: the
// kernel closes its stdin.
func launch(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p := &process{cmd: command(t, append(args, "--exit-with-stdin", "--dir", dir)...)}
	stdin, inErr := p.cmd.StdinPipe()
	stdout, outErr := p.cmd.StdoutPipe()
	p.cmd.Stderr = &p.stderr
	if err := errors.Join(inErr, outErr, p.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill(); p.cmd.Wait() })
	p.stdin, p.stdout = stdin, bufio.NewReader(stdout)
	return p
}

// start launches a control plane and waits for its ready line.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	began := time.Now()
	p := launch(t, dir, args...)
	line, err := p.stdout.ReadString('\n')
	if want := "ready " + filepath.Join(dir, "kubeconfig") + "\n"; line != want {
		p.cmd.Wait()
		t.Fatalf("the ready line is %q (%v), want %q; stderr: %s", line, err, want, &p.stderr)
	}
	t.Logf("ready after %s", time.Since(began).Round(time.Millisecond))
	return p
}

// terminate asks for a stop with SIGTERM and expects a clean one.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.expectStop(t)
}

// expectStop checks that the process ends in good order: soon, with code 0,
// and without a word beyond its ready line.
func (p *process) expectStop(t *testing.T) {
	t.Helper()
	began := time.Now()
	rest, err := io.ReadAll(p.stdout)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("stopping: %v; stderr: %s", err, &p.stderr)
	}
	if noise := string(rest) + p.stderr.String(); strings.TrimSpace(noise) != "" {
		t.Errorf("the terminal is not quiet: %q", noise)
	}
	took := time.Since(began).Round(time.Millisecond)
	t.Logf("stopped after %s", took)
	if took > stopPatience {
		t.Errorf("stopping took %s", took)
	}
}
