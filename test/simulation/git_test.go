package simulation

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing/fstest"
	"time"
)

// objects is a git server's store: commits that never change, and refs that do.
// Its rules are git's: a ref moves when its pusher knew where it was.
type objects struct {
	commits map[string]*commit
	refs    map[string]string
	flaws   flaws
	moved   func(ref, before, after string) // told of every move
}

// commit holds whole files rather than trees of blobs: what its name covers is
// the same.
type commit struct {
	hash    string
	parents []string
	files   map[string]string
	author  string
	message string
	at      time.Time
	tree    fs.FS
}

var (
	errMoved    = errors.New("the ref is elsewhere now")
	errConflict = errors.New("merge conflict")
)

const mainline = "main"

func envBranch(environment string) string { return "env/" + environment }

func newObjects(flaws flaws) *objects {
	return &objects{commits: map[string]*commit{}, refs: map[string]string{}, flaws: flaws, moved: func(string, string, string) {}}
}

// write makes a commit, which nobody sees before a ref leads to it.
func (o *objects) write(parents []string, files map[string]string, author, message string, at time.Time) string {
	made := &commit{parents: parents, files: files, author: author, message: message, at: at, tree: treeOf(files)}
	sum := sha1.New()
	fmt.Fprintf(sum, "%q %q %q %d\n", parents, author, message, at.Unix())
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(sum, "%q %q\n", name, files[name])
	}
	made.hash = hex.EncodeToString(sum.Sum(nil))
	o.commits[made.hash] = made
	return made.hash
}

func treeOf(files map[string]string) fs.FS {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return tree
}

// push moves a ref from where its pusher believes it to be; an empty commit
// deletes it.
func (o *objects) push(ref, from, to string) error {
	before := o.refs[ref]
	if before != from && !o.flaws.lostUpdates {
		return fmt.Errorf("pushing %s: %w", ref, errMoved)
	}
	o.force(ref, to)
	return nil
}

func (o *objects) force(ref, to string) {
	before := o.refs[ref]
	if o.refs[ref] = to; to == "" {
		delete(o.refs, ref)
	}
	o.moved(ref, before, to)
}

// contains reports whether a commit has another in its history.
func (o *objects) contains(hash, ancestor string) bool {
	return slices.Contains(o.history(hash), ancestor)
}

// history lists a commit and all before it, nearest first.
func (o *objects) history(hash string) []string {
	var found []string
	for next := []string{hash}; len(next) > 0; next = next[1:] {
		if made := o.commits[next[0]]; made != nil && !slices.Contains(found, next[0]) {
			found = append(found, next[0])
			next = append(next, made.parents...)
		}
	}
	return found
}

// merge gives the files of both sides, file by file: a file that both changed
// in different ways is a conflict.
func (o *objects) merge(base, head string) (map[string]string, error) {
	ours, theirs := o.commits[base], o.commits[head]
	if ours == nil || theirs == nil {
		return nil, fmt.Errorf("merging %.7s into %.7s: no such commit", head, base)
	}
	origin := map[string]string{}
	past := o.history(base)
	for _, hash := range o.history(head) {
		if slices.Contains(past, hash) {
			origin = o.commits[hash].files
			break
		}
	}
	merged := maps.Clone(ours.files)
	for _, name := range differing(origin, theirs.files) {
		mine, here := ours.files[name]
		was, existed := origin[name]
		their, there := theirs.files[name]
		switch {
		case here == there && mine == their:
		case here != existed || mine != was:
			return nil, fmt.Errorf("%w in %s", errConflict, name)
		case there:
			merged[name] = their
		default:
			delete(merged, name)
		}
	}
	return merged, nil
}

// differing lists the names under which two sets of files are not the same.
func differing(a, b map[string]string) []string {
	names := map[string]bool{}
	for name, text := range a {
		if other, there := b[name]; !there || other != text {
			names[name] = true
		}
	}
	for name := range b {
		if _, there := a[name]; !there {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// under takes the files of one folder, by their names in it.
func under(files map[string]string, folder string) map[string]string {
	found := map[string]string{}
	for name, text := range files {
		if rest, is := strings.CutPrefix(name, folder+"/"); is {
			found[rest] = text
		}
	}
	return found
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
