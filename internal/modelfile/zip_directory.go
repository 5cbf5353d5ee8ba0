package modelfile

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The parts of a zip (PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.16), read
// here and not by archive/zip, which reads as many directory entries as the
// file has room for, and believes the directory where a member's own header
// says something else.
const (
	localMark     = "PK\x03\x04"
	entryMark     = "PK\x01\x02"
	endMark       = "PK\x05\x06"
	end64Mark     = "PK\x06\x06"
	endSize       = 22
	maxComment    = 1<<16 - 1
	stored        = 0
	deflated      = 8
	flagEncrypted = 1
)

var errSealed = errors.New("is encrypted, or packed by a method that is not read")

// directory says where the entries of a zip stand.
type directory struct {
	at, size int64
	entries  uint64
	shift    int64 // bytes before the zip begins
}

// member is one entry of a directory.
type member struct {
	name             string
	flags, method    uint16
	packed, unpacked uint64
	header, data     int64
}

var little = binary.LittleEndian

func findDirectory(s source) (directory, bool) {
	from := max(0, s.size-endSize-maxComment)
	tail := s.at(from, endSize+maxComment)
	at := bytes.LastIndex(tail, []byte(endMark))
	if at < 0 || len(tail)-at < endSize {
		return directory{}, false
	}
	end := tail[at:]
	found := directory{entries: uint64(little.Uint16(end[10:])), size: int64(little.Uint32(end[12:])), at: int64(little.Uint32(end[16:]))}
	stands := from + int64(at)
	if string(s.at(stands-20, 4)) == "PK\x06\x07" { // then the wide end stands before its locator
		stands -= 20 + 56
		wide := s.at(stands, 56)
		if len(wide) < 56 || string(wide[:4]) != end64Mark {
			return directory{}, false
		}
		found = directory{entries: little.Uint64(wide[32:]), size: int64(little.Uint64(wide[40:])), at: int64(little.Uint64(wide[48:]))}
	}
	if found.size < 0 || found.at < 0 || found.size > stands || found.at > stands-found.size {
		return directory{}, false
	}
	found.shift = stands - found.size - found.at
	found.at += found.shift
	return found, true
}

// readDirectory is every member that can be read. One whose own header tells
// another story than the directory is reported: readers differ in which of the
// two they believe.
func (i *inspector) readDirectory(s source, d directory, at place) []member {
	if d.entries > maxMembers {
		i.find(at, Unread, fmt.Sprintf("a zip of %d members", d.entries), d.at)
		return nil
	}
	var members []member
	entries, reader := uint64(0), s.part(d.at, d.size).cursor(0)
	for ; reader.left() > 0 && entries < maxMembers; entries++ {
		one, err := readEntry(reader)
		if err != nil {
			break
		}
		one.header += d.shift
		there, err := one.locate(s)
		if err != nil {
			i.find(at, Malformed, fmt.Sprintf("a zip: member %s: %s", shorten(one.name), err), one.header)
		}
		if there {
			members = append(members, one)
		}
	}
	if len(members) > 0 && (entries != d.entries || reader.left() > 0) {
		i.find(at, Malformed, fmt.Sprintf("a zip whose directory says that it has %d members", d.entries), d.at)
	}
	return members
}

func readEntry(reader *cursor) (member, error) {
	fixed, err := reader.take(46)
	if err != nil || string(fixed[:4]) != entryMark {
		return member{}, fmt.Errorf("its directory breaks off")
	}
	one := member{
		flags: little.Uint16(fixed[8:]), method: little.Uint16(fixed[10:]),
		packed: uint64(little.Uint32(fixed[20:])), unpacked: uint64(little.Uint32(fixed[24:])),
		header: int64(little.Uint32(fixed[42:])),
	}
	nameSize, extraSize, commentSize := little.Uint16(fixed[28:]), little.Uint16(fixed[30:]), little.Uint16(fixed[32:])
	name, err := reader.take(int(nameSize))
	if err != nil {
		return member{}, fmt.Errorf("its directory breaks off")
	}
	one.name = string(name)
	extra, err := reader.take(int(extraSize))
	if err != nil || reader.skip(uint64(commentSize)) != nil {
		return member{}, fmt.Errorf("its directory breaks off")
	}
	one.widen(extra)
	return one, nil
}

// widen reads the ZIP64 field, which holds only those sizes that did not fit.
func (m *member) widen(extra []byte) {
	for len(extra) >= 4 {
		id, size := little.Uint16(extra), int(little.Uint16(extra[2:]))
		extra = extra[4:]
		if size > len(extra) {
			return
		}
		field := extra[:size]
		extra = extra[size:]
		if id != 1 {
			continue
		}
		next := func(into *uint64) {
			if *into == 1<<32-1 && len(field) >= 8 {
				*into, field = little.Uint64(field), field[8:]
			}
		}
		header := uint64(m.header)
		next(&m.unpacked)
		next(&m.packed)
		next(&header)
		m.header = int64(header)
	}
}

// locate finds a member's bytes behind its own header, and tells whether they
// are there at all.
func (m *member) locate(s source) (bool, error) {
	fixed := s.at(m.header, 30)
	if len(fixed) < 30 || string(fixed[:4]) != localMark {
		return false, fmt.Errorf("there is no header where the directory says")
	}
	name := s.at(m.header+30, int(little.Uint16(fixed[26:])))
	m.data = m.header + 30 + int64(len(name)) + int64(little.Uint16(fixed[28:]))
	switch {
	case m.packed > uint64(max(0, s.size-m.data)):
		return false, fmt.Errorf("its bytes lead out of the file")
	case string(name) != m.name:
		return true, fmt.Errorf("its own header says that its name is %s", shorten(string(name)))
	case little.Uint16(fixed[8:]) != m.method:
		return true, fmt.Errorf("its own header says that it is packed in another way")
	}
	return true, nil
}

func (m member) open(s source) (io.Reader, error) {
	switch {
	case m.flags&flagEncrypted != 0:
		return nil, errSealed
	case m.method == stored:
		if m.packed != m.unpacked {
			return nil, fmt.Errorf("is stored, with two sizes")
		}
		return nil, nil
	case m.method == deflated:
		return flate.NewReader(s.part(m.data, int64(m.packed)).reader()), nil
	}
	return nil, errSealed
}
