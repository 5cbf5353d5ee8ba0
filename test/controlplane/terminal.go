package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// terminal is what the caller of the command sees.
type terminal struct {
	out, err *os.File
}

// redirect points the file descriptors of stdout and stderr at the log file,
// and keeps the originals in t. Descriptors, not klog's own settings, because
// klog is only one of several: the etcd client's zap logger, gRPC, net/http and
// a panic all write to the stderr they found when the process started.
func (t *terminal) redirect(log string) error {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // its two copies stay open
	out, outErr := move(t.out, file)
	stderr, stderrErr := move(t.err, file)
	if err := errors.Join(outErr, stderrErr); err != nil {
		return err
	}
	t.out, t.err = out, stderr
	return nil
}

// move makes the descriptor of from mean to, and returns a new file for what
// it meant before.
func move(from, to *os.File) (*os.File, error) {
	kept, err := unix.FcntlInt(from.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Dup2(int(to.Fd()), int(from.Fd())); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(kept), from.Name()), nil
}
