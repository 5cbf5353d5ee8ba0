package webhook

import (
	"os"
	"path/filepath"
	"time"
)

// storeLife is how old a store may be for a door to say that it is ready before
// the cluster has told its releases: a container that ended and starts anew is
// away for seconds, and a list of ten thousand releases takes longer than that.
// What was withdrawn in the meantime is admitted until the list has come. An
// older store is answered from, when an API server asks nevertheless, but it
// makes nobody ready.
const storeLife = 5 * time.Minute

// touch notes that the store is as the cluster is now. An error makes the store
// look older than it is, which is safe.
func (s *Store) touch(now time.Time) {
	_ = os.Chtimes(filepath.Join(s.folder, namespacesFile), now, now)
}

// lately holds for a store that was whole when it was loaded, and like the
// cluster a moment ago. One that was kept in the future is of another clock.
func (s *Store) lately(now time.Time) bool {
	info, err := os.Lstat(filepath.Join(s.folder, namespacesFile))
	if err != nil || s.damaged {
		return false
	}
	age := now.Sub(info.ModTime())
	return age > -storeInterval && age < storeLife
}
