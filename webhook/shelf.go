package webhook

import (
	"maps"
	"slices"
)

// shelf holds objects of one kind by name and by digest. Who holds it locks it.
type shelf[T any] struct {
	objects  map[string]T
	digests  map[string]map[string]T // by digest, then by name
	recalled map[string]bool         // names that only the store has told of
	digestOf func(T) string
}

func newShelf[T any](digestOf func(T) string) shelf[T] {
	return shelf[T]{map[string]T{}, map[string]map[string]T{}, map[string]bool{}, digestOf}
}

// put takes an object in, in place of what was there under that name.
func (s *shelf[T]) put(name string, object T) {
	s.drop(name)
	digest := s.digestOf(object)
	if s.digests[digest] == nil {
		s.digests[digest] = map[string]T{}
	}
	s.objects[name], s.digests[digest][name] = object, object
}

// recall takes in what lay in the store.
func (s *shelf[T]) recall(name string, object T) {
	s.put(name, object)
	s.recalled[name] = true
}

// settle drops what was recalled and is not in the cluster any more.
func (s *shelf[T]) settle() {
	for name := range maps.Clone(s.recalled) {
		s.drop(name)
	}
}

func (s *shelf[T]) drop(name string) {
	delete(s.recalled, name)
	object, known := s.objects[name]
	if !known {
		return
	}
	delete(s.objects, name)
	digest := s.digestOf(object)
	if delete(s.digests[digest], name); len(s.digests[digest]) == 0 {
		delete(s.digests, digest)
	}
}

// names lists what is there of a digest, in order.
func (s *shelf[T]) names(digest string) []string {
	if len(s.digests[digest]) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(s.digests[digest]))
}
