package trainer

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// maxOutput is how much of what a program prints is kept: the end, where the
// error is.
const maxOutput = 64 << 10

// grace is how long output may stay open after the program is gone, when a
// child that left the process group still holds it.
const grace = 2 * time.Second

// run runs a program as the leader of its own process group. When the program
// ends, or the context does, the whole group is killed: a child left behind
// could still write to the model.
func run(ctx context.Context, argv []string, directory string, environment []string) error {
	output := &tail{limit: maxOutput}
	command := exec.CommandContext(ctx, argv[0], argv[1:]...)
	command.Dir = directory
	command.Env = environment
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return killGroup(command.Process.Pid) }
	command.WaitDelay = grace
	if err := command.Start(); err != nil {
		return fmt.Errorf("starting %q: %w", argv[0], err)
	}
	err := command.Wait()
	killGroup(command.Process.Pid)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("running %q: %w%s", argv[0], err, output.quote())
	}
	return nil
}

func killGroup(leader int) error {
	err := syscall.Kill(-leader, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return nil // all gone already
	}
	return err
}

// tail is a writer that keeps the last bytes.
type tail struct {
	lock  sync.Mutex // Wait may give up on the copying goroutine before it ends
	limit int
	kept  []byte
	cut   bool
}

func (t *tail) Write(data []byte) (int, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.kept = append(t.kept, data...)
	if over := len(t.kept) - t.limit; over > 0 {
		t.kept, t.cut = append([]byte(nil), t.kept[over:]...), true
	}
	return len(data), nil
}

func (t *tail) quote() string {
	t.lock.Lock()
	defer t.lock.Unlock()
	switch {
	case len(t.kept) == 0:
		return " (it printed nothing)"
	case t.cut:
		return fmt.Sprintf(" (the end of what it printed: %q)", t.kept)
	}
	return fmt.Sprintf(" (it printed: %q)", t.kept)
}
