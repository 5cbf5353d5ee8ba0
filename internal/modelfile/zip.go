package modelfile

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// lookZip takes for a zip what has a directory at its end that leads to a
// member: no reader of zips asks how the file begins.
func lookZip(i *inspector, s source, at place) (sight, bool) {
	directory, found := findDirectory(s)
	if !found {
		if string(s.at(0, 4)) != localMark {
			return sight{}, false
		}
		i.find(at, Malformed, "a zip without a directory", 0)
		return seen(Archive), true
	}
	members := i.readDirectory(s, directory, at)
	if len(members) == 0 && string(s.at(0, 4)) != localMark {
		return sight{}, false
	}
	if string(s.at(0, 2)) != "PK" {
		i.find(at, Disguised, "a zip behind something else", members[0].header)
	}
	code := ""
	if !i.overlap(members, at) {
		code = i.eachMember(s, members, at)
	}
	format := zipFormat(members)
	if carried := carries[format]; carried != "" {
		code = carried
	}
	return sight{format, code}, true
}

func (i *inspector) eachMember(s source, members []member, at place) (code string) {
	names := map[string]bool{}
	for _, one := range members {
		i.name(one.name, at, one.header)
		if names[one.name] {
			i.find(at, Malformed, "two members have the name "+shorten(one.name), one.header)
		}
		names[one.name] = true
		if i.members++; i.members > maxMembers {
			i.find(at, Unread, "more members than are looked into", one.header)
			return code
		}
		if found := i.member(s, one, at); code == "" {
			code = found.code
		}
	}
	return code
}

// member looks into one member.
func (i *inspector) member(s source, one member, at place) sight {
	content, err := one.open(s)
	switch {
	case errors.Is(err, errSealed):
		i.find(at.member(one.name), Unread, err.Error(), one.header)
		return sight{}
	case err != nil:
		i.find(at.member(one.name), Malformed, err.Error(), one.header)
		return sight{}
	case one.method == stored:
		return i.nested(s.part(one.data, int64(one.packed)), one.name, at)
	}
	unpacked, whole := i.unpack(content, int64(one.packed), at.member(one.name))
	if whole && uint64(unpacked.size) != one.unpacked {
		i.find(at.member(one.name), Malformed, "unpacks into another size than it says", one.header)
	}
	return i.nested(unpacked, one.name, at)
}

// nested looks into what an archive holds. A name can carry code that the
// content does not show: Python source is text.
func (i *inspector) nested(s source, name string, at place) sight {
	found := i.look(s, at.member(name))
	if found.code == "" {
		found.code = carries[claimed(name)]
	}
	return found
}

// name reports names that lead out of the folder in which an archive, or a
// model beside its weights, is unpacked.
func (i *inspector) name(name string, at place, offset int64) {
	if leavesFolder(name) {
		i.find(at, Outside, "names "+shorten(name), offset)
	}
}

func leavesFolder(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	drive := len(name) > 1 && name[1] == ':'
	return strings.HasPrefix(name, "/") || drive || strings.Contains(name, "\x00") ||
		slices.Contains(strings.Split(name, "/"), "..") || strings.Contains(name, "://")
}

// overlap reports members that share bytes: a bomb that is small however far it
// unpacks (Fifield, "A better zip bomb", WOOT 2019). They are not looked into:
// to do so would take as long as the bomb is large.
func (i *inspector) overlap(members []member, at place) bool {
	sorted := slices.SortedFunc(slices.Values(members), func(a, b member) int { return cmp.Compare(a.header, b.header) })
	for n := 1; n < len(sorted); n++ {
		if before := sorted[n-1]; before.data+int64(before.packed) > sorted[n].header {
			i.find(at, Bomb, "members overlap, and were not looked into: "+shorten(sorted[n].name), sorted[n].header)
			return true
		}
	}
	return false
}

// zipFormat tells by the members' names what writes such zips. What they hold
// was looked into by content.
func zipFormat(members []member) Format {
	arrays, bases := 0, map[string]bool{}
	for _, one := range members {
		bases[path.Base(one.name)] = true
		if strings.HasSuffix(one.name, ".npy") {
			arrays++
		}
	}
	switch {
	case bases["data.pkl"]:
		return Torch // https://docs.pytorch.org/docs/stable/notes/serialization.html
	case bases["config.json"] && bases["metadata.json"]:
		return Keras // keras/src/saving/saving_lib.py
	case len(members) > 0 && arrays == len(members):
		return Numpy // numpy.savez
	}
	return Archive
}

// unpack holds in memory what a compressed stream gives, within bounds; whole
// is false where there was more, or where it broke off.
func (i *inspector) unpack(packed io.Reader, size int64, at place) (unpacked source, whole bool) {
	limit := max(0, min(maxUnpacked, maxUnpackIn-i.unpacked))
	var content bytes.Buffer
	n, err := io.Copy(&content, io.LimitReader(packed, limit+1))
	i.unpacked += n
	if n > 1<<20 && n/max(size, 1) > maxRatio {
		i.find(at, Bomb, "unpacks into more than 200 times its size", 0)
	}
	switch {
	case n > limit:
		i.find(at, Unread, "unpacks into more than is looked into", 0)
		content.Truncate(int(limit))
	case err != nil:
		i.find(at, Malformed, "does not unpack: "+err.Error(), 0)
	default:
		whole = true
	}
	return inMemory(content.Bytes()), whole
}
