package modelfile

import "fmt"

// sight is what a run of bytes was seen to be, and why loading it can run code.
type sight struct {
	format Format
	code   string
}

func seen(format Format) sight { return sight{format, carries[format]} }

// recognizer knows a format, and looks into what it knows.
type recognizer func(*inspector, source, place) (sight, bool)

// marked are formats with a mark that nothing else bears, in the order in which
// the first of them gives a file its format.
func marked() []recognizer {
	return []recognizer{
		lookProgram, lookZip, lookTar, lookCompressed, lookNumpy, lookHDF5, lookSafetensors, lookGGUF, lookPickle,
	}
}

// unmarked are formats that have none. The first that fits is the one.
func unmarked() []recognizer { return []recognizer{lookJSON, lookText, lookONNX, lookSavedModel} }

// look tells what the bytes are, by the bytes alone. A file may be several
// things at once: a pickle ends where it says so and a zip begins wherever its
// directory says, so one can stand behind the other, and it depends on the
// loader which of them counts.
func (i *inspector) look(s source, at place) sight {
	if s.size == 0 {
		return sight{format: Text}
	}
	if at.depth > maxDepth {
		i.find(at, Unread, fmt.Sprintf("archives within archives, more than %d deep", maxDepth), 0)
		return sight{format: Unknown}
	}
	var all []sight
	for _, recognize := range marked() {
		if found, ok := recognize(i, s, at); ok {
			all = append(all, found)
		}
	}
	if len(all) > 0 {
		return i.merge(all, at)
	}
	for _, recognize := range unmarked() {
		if found, ok := recognize(i, s, at); ok {
			return found
		}
	}
	return sight{format: Unknown}
}

func (i *inspector) merge(all []sight, at place) sight {
	first := all[0]
	for _, other := range all[1:] {
		i.find(at, Disguised, fmt.Sprintf("is %s and also %s", first.format, other.format), 0)
		if first.code == "" {
			first.code = other.code
		}
	}
	return first
}

// programs are beginnings of what an operating system or an interpreter runs.
var programs = map[string]string{
	"\x7fELF": "machine code", "MZ": "machine code", "#!": "script", "\x00asm": "machine code",
	"\xfe\xed\xfa\xce": "machine code", "\xfe\xed\xfa\xcf": "machine code", "\xce\xfa\xed\xfe": "machine code",
	"\xcf\xfa\xed\xfe": "machine code", "\xca\xfe\xba\xbe": "machine code",
}

func lookProgram(_ *inspector, s source, _ place) (sight, bool) {
	head := s.at(0, 4)
	for n := 2; n <= len(head); n += 2 {
		if code := programs[string(head[:n])]; code != "" {
			return sight{Program, code}, true
		}
	}
	// CPython: a version number, then CR LF, so that a text transfer breaks it.
	if len(head) == 4 && head[2] == '\r' && head[3] == '\n' && head[1] >= 0x0c && head[1] <= 0x0f {
		return sight{Program, "bytecode"}, true
	}
	return sight{}, false
}
