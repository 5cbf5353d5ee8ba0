package gitrepo

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/transport"
)

// Who knows no git can still tell what only a person mends.
func TestARefusalIsToldInTheWordsOfFiles(t *testing.T) {
	remote := &Repo{address: "https://git.example.org/a"}
	for _, test := range []struct{ err, is, isNot error }{
		{transport.ErrRepositoryNotFound, fs.ErrNotExist, fs.ErrPermission},
		{transport.ErrAuthenticationRequired, fs.ErrPermission, fs.ErrNotExist},
		{transport.ErrAuthorizationFailed, fs.ErrPermission, fs.ErrNotExist},
		{errors.New("no route"), nil, fs.ErrNotExist},
	} {
		told := remote.explain(t.Context(), "fetching", test.err)
		if test.is != nil && !errors.Is(told, test.is) || errors.Is(told, test.isNot) {
			t.Errorf("%v is told as %v", test.err, told)
		}
	}
	if told := remote.explain(t.Context(), "fetching", transport.ErrRepositoryNotFound); !errors.Is(told, ErrNotFound) {
		t.Errorf("told as %v", told)
	}
}
