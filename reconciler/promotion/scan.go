package promotion

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Bounds on what is read of a folder that anybody may propose a change to.
const (
	scanFiles   = "scans/*.json"
	maxScans    = 64
	maxScanFile = 1 << 20 // bytes; a scan lists a hundred results
)

// Past gives the files of any commit that is known. One that is not is
// fs.ErrNotExist.
type Past interface {
	Tree(commit string) (fs.FS, error)
}

// scans are those in the repository that somebody trusted has signed, and of
// each whether it looked at what bears on this promotion now. What is not
// believed changes nothing.
func scans(ctx context.Context, tools Tools, state *State) ([]gates.Scan, error) {
	names, err := fs.Glob(state.Request.Tree, scanFiles)
	if err != nil {
		return nil, err
	}
	if len(names) > maxScans {
		return nil, fmt.Errorf("there are %d files in scans, more than %d\nhint: keep one of each scanner", len(names), maxScans)
	}
	var found []gates.Scan
	current := map[string]bool{}
	for _, name := range names {
		text, err := readBounded(state.Request.Tree, name, maxScanFile)
		if err != nil {
			return nil, err
		}
		statement, err := tools.Trust.Verify(ctx, text)
		if err != nil || statement.Scan == nil {
			continue
		}
		commit := statement.Scan.Commit
		if _, asked := current[commit]; !asked {
			if current[commit], err = sameAt(tools, state, commit); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		found = append(found, gates.Scan{Scan: *statement.Scan, Current: current[commit], By: statement.By.Name})
	}
	slices.SortStableFunc(found, func(a, b gates.Scan) int {
		former, _ := a.FinishedAt() // verified scans have one
		latter, _ := b.FinishedAt()
		return cmp.Or(cmp.Compare(a.Tool, b.Tool), former.Compare(latter), cmp.Compare(a.Commit, b.Commit))
	})
	return found, nil
}

// sameAt holds when everything that bears on the promotion was at a commit as
// it is now.
func sameAt(tools Tools, state *State, commit string) (bool, error) {
	if tools.Past == nil {
		return false, nil
	}
	then, err := tools.Past.Tree(commit)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	pair := state.Request.Pair()
	now, err := bearing(state.Request.Tree, pair)
	if err != nil {
		return false, err
	}
	old, err := bearing(then, pair)
	if err != nil { // there was no such promotion, or none that could be read
		return false, nil
	}
	before, err := digests(selected(then, old))
	if err != nil {
		return false, err
	}
	after, err := digests(selected(state.Request.Tree, now))
	return maps.Equal(before, after), err
}

// readBounded reads a file that anybody may have proposed.
func readBounded(tree fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("reading %s: it is not a file of at most %d bytes", name, most)
	}
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return text, nil
}
