package render

import (
	"bytes"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Bounds on what a cache remembers. Beyond them it forgets everything: a
// choice of what to forget would cost more than rendering once more.
const (
	maxRemembered = 64 << 20 // bytes of renderings
	maxQuestions  = 1 << 18
)

// Cache remembers renderings by the files that kustomize read for them, and by
// those that it looked for and did not find. A file that is there and was not
// asked about changes nothing. The zero Cache is empty; it may be shared.
//
// Kustomize is deterministic: it asks a file system, and what it asks next
// depends on the answers so far. So a rendering is a path through a tree, from
// question to question by the answers, and whoever gets the same answers as
// before is at the same leaf.
type Cache struct {
	lock      sync.RWMutex
	roots     map[string]*question // by the folder that is asked for
	questions int
	bytes     int
}

// question is what was asked, and what came of each answer. At the end of a
// path nothing was asked any more, and the rendering is there.
type question struct {
	probe    probe
	answers  map[answer]*question
	rendered []byte
}

// kustomize gives what kustomize makes of a folder.
func (c *Cache) kustomize(files filesys.FileSystem, folder string) ([]byte, error) {
	if rendered, found := c.recall(files, folder); found {
		return rendered, nil
	}
	watched := &witness{files: files, seen: map[probe]bool{}}
	rendered, err := kustomize(watched, folder)
	if err != nil {
		return nil, err
	}
	c.remember(folder, watched.heard, rendered)
	return rendered, nil
}

func (c *Cache) recall(files filesys.FileSystem, folder string) ([]byte, bool) {
	c.lock.RLock()
	defer c.lock.RUnlock()
	for at := c.roots[folder]; at != nil; at = at.answers[at.probe.ask(files)] {
		if at.answers == nil {
			return bytes.Clone(at.rendered), true
		}
	}
	return nil, false
}

func (c *Cache) remember(folder string, path []heard, rendered []byte) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.roots == nil || c.questions+len(path) > maxQuestions || c.bytes+len(rendered) > maxRemembered {
		c.roots, c.questions, c.bytes = map[string]*question{}, 0, 0
	}
	c.roots[folder] = c.grow(c.roots[folder], path, rendered)
}

// grow gives the tree with one path more.
func (c *Cache) grow(at *question, path []heard, rendered []byte) *question {
	if len(path) == 0 {
		c.bytes += len(rendered)
		return &question{rendered: bytes.Clone(rendered)}
	}
	if at == nil || at.answers == nil || at.probe != path[0].probe {
		at = &question{probe: path[0].probe, answers: map[answer]*question{}}
		c.questions++
	}
	at.answers[path[0].answer] = c.grow(at.answers[path[0].answer], path[1:], rendered)
	return at
}
