package gitrepo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// When a store is thrown away and fetched anew, in place of being packed again:
// what it holds of a living repository comes back in one request.
const (
	maxPacks = 200
	maxLoose = 200_000
)

// heal throws a store away that cannot be read any more, or is worn. Another
// process may have done so already: then its new one is taken over.
func (s *store) heal() (anew bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, err := os.Stat(s.folder)
	gone := err != nil || !os.SameFile(now, s.opened)
	if !gone && !s.spoilt && !s.worn() {
		return false, nil
	}
	if !gone {
		aside, err := os.MkdirTemp(filepath.Dir(s.folder), asidePrefix)
		if err != nil {
			return false, err
		}
		defer os.RemoveAll(aside)
		if err := os.Rename(s.folder, filepath.Join(aside, "store")); err != nil {
			return false, err
		}
	}
	return true, s.open()
}

func (s *store) worn() bool {
	packs, _ := filepath.Glob(filepath.Join(s.folder, "objects", "pack", "*.pack"))
	one, _ := os.ReadDir(filepath.Join(s.folder, "objects", "17")) // as git gc --auto estimates
	return len(packs) > maxPacks || len(one)*256 > maxLoose
}

// tips are commits that the store has: what it tells the remote, which then sends
// only what came since. The file is a hint: what is not there is not told.
const (
	tipsFile = "tips"
	maxTips  = 256
)

func (s *store) tips() []plumbing.Hash {
	text, err := os.ReadFile(filepath.Join(s.folder, tipsFile))
	if err != nil {
		return nil
	}
	var found []plumbing.Hash
	for line := range strings.Lines(string(text)) {
		hash := plumbing.NewHash(strings.TrimSpace(line))
		if len(found) < maxTips && !hash.IsZero() && s.has(hash) {
			found = append(found, hash)
		}
	}
	return found
}

// remember puts tips before those that are known.
func (s *store) remember(tips []plumbing.Hash) error {
	var text strings.Builder
	seen := map[plumbing.Hash]bool{}
	for _, hash := range append(slices.Clone(tips), s.tips()...) {
		if !seen[hash] && len(seen) < maxTips {
			seen[hash] = true
			text.WriteString(hash.String() + "\n")
		}
	}
	temporary, err := os.CreateTemp(s.folder, tipsFile+"-")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.WriteString(text.String()); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), filepath.Join(s.folder, tipsFile))
}

const (
	asidePrefix    = "aside-"    // a store that is being deleted
	incomingPrefix = "incoming-" // a pack that is being received
	leftAlone      = 24 * time.Hour
	maxStores      = 20 << 30 // bytes of packs below one folder
)

// evict deletes what a crash left, and then the stores that were used least
// lately, until those that stay are small enough.
func evict(cacheDir, keep string, limit int64, now time.Time) error {
	found, err := os.ReadDir(cacheDir)
	if err != nil {
		return fmt.Errorf("reading %s: %w", cacheDir, err)
	}
	type used struct {
		folder string
		at     time.Time
		bytes  int64
	}
	var stores []used
	for _, entry := range found {
		folder := filepath.Join(cacheDir, entry.Name())
		info, err := entry.Info()
		switch {
		case err != nil || !entry.IsDir():
		case strings.HasPrefix(entry.Name(), asidePrefix) && now.Sub(info.ModTime()) > leftAlone:
			_ = os.RemoveAll(folder)
		case strings.HasSuffix(entry.Name(), storeSuffix) && folder != keep:
			stores = append(stores, used{folder, usedAt(folder, info), packed(folder)})
		}
	}
	slices.SortFunc(stores, func(a, b used) int { return b.at.Compare(a.at) })
	left := limit - packed(keep)
	for _, store := range stores {
		if left -= store.bytes; left < 0 {
			_ = os.RemoveAll(store.folder) // else it is tried again next time
		}
	}
	return nil
}

func usedAt(folder string, info os.FileInfo) time.Time {
	if tips, err := os.Stat(filepath.Join(folder, tipsFile)); err == nil {
		return tips.ModTime()
	}
	return info.ModTime()
}

func packed(folder string) int64 {
	var bytes int64
	packs, _ := os.ReadDir(filepath.Join(folder, "objects", "pack"))
	for _, pack := range packs {
		if info, err := pack.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

const storeSuffix = ".git"

// storeFolder is that of an address. Credentials change more often than it does,
// so they have no part in it.
func storeFolder(cacheDir, address string) string {
	key := sha256.Sum256([]byte(address))
	return filepath.Join(cacheDir, hex.EncodeToString(key[:8])+storeSuffix)
}
