package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// folder is the one place on disk a control plane knows, as an absolute path.
type folder string

func (f folder) path(name ...string) string {
	return filepath.Join(append([]string{string(f)}, name...)...)
}

func (f folder) kubeconfig() string   { return f.path("kubeconfig") }
func (f folder) apiServerLog() string { return f.path("apiserver.log") }
func (f folder) etcdLog() string      { return f.path("etcd.log") }
func (f folder) etcdData() string     { return f.path("etcd") }
func (f folder) pki() string          { return f.path("pki") }
func (f folder) authority() string    { return f.path("pki", "ca.crt") }
func (f folder) servingCert() string  { return f.path("pki", "serving.crt") }
func (f folder) servingKey() string   { return f.path("pki", "serving.key") }
func (f folder) accountKey() string   { return f.path("pki", "service-account.key") }
func (f folder) token() string        { return f.path("pki", "admin.token") }
func (f folder) tokens() string       { return f.path("pki", "tokens.csv") }

// prepare makes the folder, takes it for this process until the returned file
// is closed, and clears what must not be inherited: always the kubeconfig,
// whose port is of the past, and the objects when fresh.
func (f folder) prepare(fresh bool) (*os.File, error) {
	if err := os.MkdirAll(f.pki(), 0o700); err != nil {
		return nil, err
	}
	lock, err := f.lock()
	if err != nil {
		return nil, err
	}
	if fresh {
		err = os.RemoveAll(f.etcdData())
	}
	if gone := os.Remove(f.kubeconfig()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// lock refuses a folder that another control plane uses. Without it etcd would
// wait for its database file in silence, and --fresh would remove that file
// under the feet of a running etcd.
func (f folder) lock() (*os.File, error) {
	file, err := os.OpenFile(f.path("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = errors.New("another control plane runs in this folder")
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// write replaces a file in one step, so that a reader, or the next run after a
// crash, sees either all of it or none.
func write(path string, content []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // finds nothing after the rename
	_, err = draft.Write(content)
	if err := errors.Join(err, draft.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return os.Rename(draft.Name(), path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
