package audit

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Shelf holds what is seen of the objects of one kind in one namespace. A
// reflector fills it, and the auditor reads it.
type Shelf struct {
	mutex   sync.Mutex
	objects map[string]*object // by name
	sorted  []*object          // the same, in the order of names; nil when that is to be found out
	touched bool               // something has changed since it was looked at
	told    bool               // the API server has told everything
	refused error              // it tells nothing: no right to, or no such kind
	wake    func()
}

// object is one on a shelf. It is exchanged for another when what is seen of it
// changes; what was found is the auditor's alone.
type object struct {
	name    string
	sight   sight
	finding *finding // nil until it is judged
}

func newShelf(wake func()) *Shelf { return &Shelf{objects: map[string]*object{}, wake: wake} }

// The methods of cache.ReflectorStore.

// Add puts an object on the shelf, or in the place of what it was.
func (s *Shelf) Add(arrived any) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if arrived, is := arrived.(*seen); is {
		s.put(arrived)
	}
	return nil
}

// Update is the same.
func (s *Shelf) Update(arrived any) error { return s.Add(arrived) }

// Delete takes an object off.
func (s *Shelf) Delete(left any) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if left, is := left.(*seen); is && s.objects[left.Name] != nil {
		delete(s.objects, left.Name)
		s.touch()
	}
	return nil
}

// Replace makes the shelf as the list is.
func (s *Shelf) Replace(list []any, _ string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	names := make(map[string]bool, len(list))
	for _, arrived := range list {
		if arrived, is := arrived.(*seen); is {
			names[arrived.Name] = true
			s.put(arrived)
		}
	}
	for name := range s.objects {
		if !names[name] {
			delete(s.objects, name)
		}
	}
	s.told, s.refused = true, nil
	s.touch()
	return nil
}

// Resync does nothing.
func (s *Shelf) Resync() error { return nil }

// put is called while mutex is held. Most updates change the status alone, and
// nothing that a rule sees.
func (s *Shelf) put(arrived *seen) {
	if known := s.objects[arrived.Name]; known != nil && reflect.DeepEqual(known.sight, arrived.sight) {
		return
	}
	s.objects[arrived.Name] = &object{name: arrived.Name, sight: arrived.sight}
	s.touch()
}

func (s *Shelf) touch() {
	s.touched, s.sorted = true, nil
	s.wake()
}

// fail notes why the shelf is empty, if that will not pass by itself: nobody must
// wait for a kind that may not be read.
func (s *Shelf) fail(err error) {
	if !apierrors.IsForbidden(err) && !apierrors.IsNotFound(err) && !apierrors.IsMethodNotSupported(err) {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.refused == nil && !s.told {
		s.refused = err
		s.touch()
	}
}

// ready says whether there is no more to wait for.
func (s *Shelf) ready() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.told || s.refused != nil
}

// take says whether something has changed since it was asked last.
func (s *Shelf) take() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	touched := s.touched
	s.touched = false
	return touched
}

// list is what lies there, in the order of names.
func (s *Shelf) list() []*object {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.sorted == nil {
		s.sorted = slices.SortedFunc(maps.Values(s.objects), func(a, b *object) int { return cmp.Compare(a.name, b.name) })
	}
	return s.sorted
}

// correct exchanges what is seen of an object.
func (s *Shelf) correct(known *object, seen sight) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	known.sight = seen
}
