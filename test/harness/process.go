package harness

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// process is one of the binaries, running until it is stopped.
type process struct {
	name    string
	command *exec.Cmd
	stdin   io.Closer
	log     string
	ended   chan error
}

// start runs a binary, with variables beside those of the environment; what it
// says on stderr goes to a log file.
func start(ctx context.Context, dir, binary string, variables []string, arguments ...string) (*process, io.Reader, error) {
	name := filepath.Base(binary)
	started := &process{name: name, log: filepath.Join(dir, name+".log"), ended: make(chan error, 1)}
	log, err := os.Create(started.log)
	if err != nil {
		return nil, nil, err
	}
	defer log.Close()
	command := exec.Command(binary, arguments...)
	command.Env = append(os.Environ(), variables...)
	command.Stderr = log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is for the demo, which then stops them in order
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := command.Start(); err != nil {
		return nil, nil, fmt.Errorf("starting %s: %w\nhint: make build", name, err)
	}
	started.command, started.stdin = command, stdin
	go func() { started.ended <- command.Wait() }()
	return started, stdout, nil
}

// stop asks the process to end, and insists after a while.
func (p *process) stop() error {
	if p == nil {
		return nil
	}
	_ = p.stdin.Close() // says the same as the signal
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.ended:
		p.ended <- err // for a Kill that follows
		return nil
	case <-time.After(15 * time.Second):
		return errors.Join(fmt.Errorf("%s did not stop in time; see %s", p.name, p.log), p.command.Process.Kill())
	}
}

// firstLine waits for the line in which a process says that it is ready.
func (p *process) firstLine(ctx context.Context, stdout io.Reader) (string, error) {
	line := make(chan string, 1)
	go func() {
		scanner := bufio.NewScanner(stdout)
		if scanner.Scan() {
			line <- scanner.Text()
		}
		_, _ = io.Copy(io.Discard, stdout) // so that the process never waits for a reader
	}()
	select {
	case text := <-line:
		return text, nil
	case err := <-p.ended:
		p.ended <- err
		return "", fmt.Errorf("%s ended before it was ready (%w); see %s", p.name, err, p.log)
	case <-ctx.Done():
		return "", fmt.Errorf("waiting for %s: %w; see %s", p.name, ctx.Err(), p.log)
	}
}

// answers waits until a health address answers 200.
func (p *process) answers(ctx context.Context, url string) error {
	for {
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			return fmt.Errorf("%s ended before it was ready (%w); see %s", p.name, err, p.log)
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w; see %s", p.name, ctx.Err(), p.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
