package auditlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrLocked says that another process appends to the log.
var ErrLocked = errors.New("the audit log is in use by another process")

// lockFile is never removed: a second file of that name would be a second lock.
const lockFile = "lock"

// lock takes the directory for this process until the file is closed, or the
// process ends.
func lock(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: %s\nhint: one reconciler at a time; assay log verify, show and export need no lock", ErrLocked, dir)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
