package faults

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/mlops-clinical-trials/assay/test/load"
)

// full lets no door write a byte: neither its store nor its log. A release that
// arrives meanwhile counts all the same, and is stored when there is room; what is
// decided meanwhile is answered, and counted as not kept. The disk itself needs no
// administrator to be full: a limit of a process on the size of its files, which
// its owner may set, fails the same calls, with EFBIG instead of ENOSPC.
func full(s *siege, _ func(time.Duration)) {
	limit := func(bytes int64) {
		for _, door := range s.doors {
			if err := load.Process(door.PID()).LimitFiles(bytes); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	limit(0)
	late := s.crowd
	late.Known, late.Used = unknown+2, unknown+2
	release, err := late.Release(s.t.Context(), unknown+1)
	if err != nil {
		s.t.Fatal(err)
	}
	s.create(release)
	newcomer := question{pod: late.Pod(unknown + 1)}
	newcomer.review.Allowed = true
	s.soon("a release counts that no disk holds", func() error { return s.answer(s.t.Context(), newcomer) })
	s.soon("what is decided is not kept, and answered", s.isNotKept)
	before := s.stored()
	limit(-1)
	s.soon("it is stored", func() error {
		if now := s.stored(); now != before+len(s.doors) {
			return fmt.Errorf("%d files, before there were %d", now, before)
		}
		return nil
	})
	s.soon("what is decided is kept again", s.isKeptAgain)
}

func (s *siege) stored() int {
	s.t.Helper()
	stored := 0
	for _, door := range s.doors {
		files, err := filepath.Glob(filepath.Join(door.Dir, "store", "*.release"))
		if err != nil {
			s.t.Fatal(err)
		}
		stored += len(files)
	}
	return stored
}
