package gitrepo

import "io/fs"

// refusal is an error of a remote in the words of io/fs, for those who know no
// git: fs.ErrPermission, where credentials do not do, and fs.ErrNotExist, where
// there is no such repository.
type refusal struct {
	error
	kind error
}

func (r refusal) Is(target error) bool { return target == r.kind }
func (r refusal) Unwrap() error        { return r.error }

func refused(err error) error { return refusal{err, fs.ErrPermission} }
func gone(err error) error    { return refusal{err, fs.ErrNotExist} }
