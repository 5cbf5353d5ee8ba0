package modelfile

import (
	"io/fs"
)

// Bounds on what one model may make us do. Beyond each of them something is
// reported that no honest model has, or that was not looked into.
const (
	maxFiles    = 10_000
	maxFindings = 1000      // kept of one file
	maxDepth    = 4         // archives within archives
	maxMembers  = 100_000   // of all archives of one file
	maxUnpacked = 64 << 20  // of one member, held in memory while it is looked into
	maxUnpackIn = 256 << 20 // of all members of one file
	maxRatio    = 200       // unpacked over packed, from a megabyte on; deflate ends at 1032
	maxWhole    = 64 << 20  // JSON and text are read whole
	maxWholes   = 512 << 20 // all that is read whole of one file
	maxSteps    = 1 << 24   // opcodes, tokens, messages and objects of one file
	maxOpcodes  = 2_000_000 // of one run of pickles; each may leave a value behind
	maxName     = 200       // bytes of a name that is repeated in a finding
	maxLine     = 4096      // bytes of a line in a pickle of protocol 0
)

// inspector looks at one file. What it may spend is shared by all that is
// nested in it.
type inspector struct {
	model    fs.FS
	file     File
	seen     map[Finding]bool
	unpacked int64
	whole    int64
	members  int
	steps    int
}

func newInspector(model fs.FS, path string) *inspector {
	return &inspector{model: model, file: File{Path: path, Named: claimed(path)}, seen: map[Finding]bool{}}
}

// place says where in a file something stands.
type place struct {
	inside string
	depth  int
}

func (p place) member(name string) place {
	if p.inside != "" {
		name = p.inside + "/" + name
	}
	return place{shorten(name), p.depth + 1}
}

func shorten(name string) string {
	if len(name) > maxName {
		return name[:maxName] + "..."
	}
	return name
}

// find records a finding once: a pickle that makes the same class ten thousand
// times is one thing to know.
func (i *inspector) find(at place, kind Kind, what string, offset int64) {
	once := Finding{Kind: kind, What: what, Inside: at.inside}
	switch {
	case i.seen[once]:
	case len(i.file.Findings) == maxFindings:
		i.file.Dropped++
	default:
		i.seen[once] = true
		once.Offset = offset
		i.file.Findings = append(i.file.Findings, once)
	}
}

func (i *inspector) note(at place, what string, offset int64) {
	if len(i.file.Notes) < maxFindings {
		i.file.Notes = append(i.file.Notes, Finding{Template, what, at.inside, offset})
	}
}

// step is false when the file has had its share of work.
func (i *inspector) step() bool {
	i.steps++
	return i.steps <= maxSteps
}

// read is a part of a file as a whole; false where that is more than may be
// held, or than is left to hold.
func (i *inspector) read(s source, from, size int64) ([]byte, bool) {
	i.whole += size
	if size > maxWhole || i.whole > maxWholes {
		return nil, false
	}
	return s.at(from, int(size)), true
}

// report closes the inspection: what the name claims is held against what the
// content is.
func (i *inspector) report(found sight) File {
	i.file.Format, i.file.Code = found.format, found.code
	if i.file.Code == "" {
		i.file.Code = carries[i.file.Named]
	}
	if disguised(i.file.Named, found.format) {
		i.find(place{}, Disguised, "the name says "+string(i.file.Named)+", the content is "+string(found.format), 0)
	}
	return i.file
}
