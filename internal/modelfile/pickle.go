package modelfile

import (
	"errors"
	"slices"
)

// torchMagic begins every file of torch.save before 1.6, as a LONG1
// (torch/serialization.py: MAGIC_NUMBER = 0x1950a86a20f9469cfc6c).
const torchMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"

// trace is what a walk through pickles has met.
type trace struct {
	opcodes        int
	found          []Finding
	known          map[Finding]bool
	imports, calls int
	joblib, torch  bool
	torn           bool // what stands there may not be what is read
}

func (t *trace) step() bool {
	t.opcodes++
	return t.opcodes <= maxOpcodes
}

func (t *trace) find(kind Kind, what string, offset int64) {
	once := Finding{Kind: kind, What: what}
	if t.known[once] || len(t.known) > maxFindings {
		return
	}
	t.known[once] = true
	once.Offset = offset
	t.found = append(t.found, once)
}

// lookPickle takes for a pickle what an unpickler would run: opcodes up to a
// STOP, or up to a call, after which it does not matter that the rest is
// broken. A header is not asked for, since no unpickler asks for it.
func lookPickle(i *inspector, s source, at place) (sight, bool) {
	plain := walkPickles(s, false)
	if !plain.is {
		return sight{}, false
	}
	format := Pickle
	reading := plain
	switch {
	case plain.torch:
		format = Torch
	case plain.joblib:
		// pickle.load would see one thing in it and joblib.load another: what
		// either of them would run is told.
		format, reading = Joblib, walkPickles(s, true)
	}
	for _, one := range slices.Concat(plain.found, reading.found) {
		i.find(at, one.Kind, one.What, one.Offset)
	}
	i.ending(reading, s, at)
	return seen(format), true
}

// ending tells how a walk ended, where an honest pickle would have ended
// otherwise. Behind the pickles of old PyTorch files stand the numbers.
func (i *inspector) ending(walked pickles, s source, at place) {
	switch {
	case errors.Is(walked.err, errTooMuch):
		i.find(at, Unread, errTooMuch.Error(), walked.end)
	case errors.Is(walked.err, errUnsized):
		i.find(at, Unread, errUnsized.Error(), walked.end)
	case walked.err != nil && walked.count == 0:
		i.find(at, Malformed, "a pickle that breaks off: "+walked.err.Error(), walked.end)
	case walked.end < s.size && !walked.torch:
		i.find(at, Malformed, "bytes follow the end of the pickle", walked.end)
	}
}

// pickles is a run of pickles, one behind the other.
type pickles struct {
	*trace
	is    bool
	count int   // those that came to their STOP
	end   int64 // where the last of them ended, or where the first broke off
	err   error
}

func walkPickles(s source, arrays bool) pickles {
	all := pickles{trace: &trace{known: map[Finding]bool{}}}
	reader := s.cursor(0)
	for reader.offset < s.size && all.err == nil {
		calls, found := all.calls, len(all.found)
		err := newMachine(reader, all.trace, arrays, 0).walk()
		switch {
		case err == nil:
			all.count++
			all.end = reader.offset
		case all.count == 0 || all.calls > calls || errors.Is(err, errTooMuch):
			all.err, all.end = err, reader.offset
		default: // no pickle follows: what the bytes seemed to say, they do not
			all.found = all.found[:found]
			all.is = all.calls > 0 || all.imports > 0 || all.torn || headed(s, all.end)
			return all
		}
	}
	all.is = all.err == nil || all.calls > 0 || all.torn || errors.Is(all.err, errTooMuch) || headed(s, reader.offset)
	return all
}

// headed holds for what begins with PROTO (PEP 307), a protocol that exists,
// and goes on as a pickle for a while.
func headed(s source, walked int64) bool {
	head := s.at(0, 2)
	return len(head) == 2 && head[0] == 0x80 && head[1] <= 5 && walked > 4
}
