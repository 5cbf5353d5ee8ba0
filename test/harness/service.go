package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Service is a binary that runs until it is stopped, or killed. World keeps its
// own; this is for who breaks them.
type Service struct {
	process *process
	Dir     string // where it writes what it says, to BINARY.log
}

// StartService starts a binary and does not wait until it is ready.
func StartService(ctx context.Context, dir, binary string, arguments ...string) (*Service, error) {
	return startIn(ctx, dir, binary, nil, arguments...)
}

// startIn does so in an environment with more variables.
func startIn(ctx context.Context, dir, binary string, variables []string, arguments ...string) (*Service, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	started, stdout, err := start(ctx, dir, binary, variables, arguments...)
	if err != nil {
		return nil, err
	}
	go io.Copy(io.Discard, stdout) // or a full pipe would stop the process
	return &Service{started, dir}, nil
}

// PID is the number of the process.
func (s *Service) PID() int { return s.process.command.Process.Pid }

// Ready waits until an http:// address answers 200.
func (s *Service) Ready(ctx context.Context, url string) error { return s.process.answers(ctx, url) }

// Log is what the process has said so far.
func (s *Service) Log() (string, error) {
	text, err := os.ReadFile(s.process.log)
	return string(text), err
}

// Stop asks the process to end, as a kubelet does.
func (s *Service) Stop() error { return s.process.stop() }

// Kill ends the process where it stands.
func (s *Service) Kill() error {
	if err := s.process.command.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := <-s.process.ended
	s.process.ended <- nil // for a Stop that follows
	var killed *exec.ExitError
	if err != nil && !errors.As(err, &killed) {
		return err
	}
	return nil
}

// IsReady asks once whether an http:// address answers 200.
func IsReady(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// FreeAddress is one on loopback that nobody listens on.
func FreeAddress() (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("127.0.0.1:%d", port), nil
}

// Binary is one of those that a world is started from.
func (w *World) Binary(name string) string { return filepath.Join(w.binaries, name) }
