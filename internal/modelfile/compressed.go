package modelfile

import (
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
)

// unpackers are the compressors that the standard library reads, and the mark
// that their streams begin with. joblib.dump uses zlib, gzip and bz2 by name.
var unpackers = []struct {
	name, mark string
	open       func(io.Reader) (io.Reader, error)
}{
	{"gzip", "\x1f\x8b", func(packed io.Reader) (io.Reader, error) { return gzip.NewReader(packed) }},
	{"bzip2", "BZh", func(packed io.Reader) (io.Reader, error) { return bzip2.NewReader(packed), nil }},
	{"zlib", "\x78", func(packed io.Reader) (io.Reader, error) { return zlib.NewReader(packed) }},
	{"xz", "\xfd7zXZ\x00", nil}, {"lzma", "\x5d\x00\x00", nil}, {"zstd", "\x28\xb5\x2f\xfd", nil}, {"lz4", "\x04\x22\x4d\x18", nil},
	{"7z", "7z\xbc\xaf\x27\x1c", nil}, {"rar", "Rar!\x1a\x07", nil},
}

// lookCompressed unpacks. What it finds is a pickle where it holds one, since
// joblib.load unpacks by itself, and otherwise an archive: a reader of JSON
// does not.
func lookCompressed(i *inspector, s source, at place) (sight, bool) {
	head := string(s.at(0, 8))
	for _, one := range unpackers {
		if !strings.HasPrefix(head, one.mark) || one.name == "zlib" && !zlibHeader(head) {
			continue
		}
		if one.open == nil {
			i.find(at, Unread, "packed by "+one.name+", which is not read", 0)
			return seen(Archive), true
		}
		packed, err := one.open(s.reader())
		if err != nil {
			i.find(at, Malformed, "does not unpack: "+err.Error(), 0)
			return seen(Archive), true
		}
		unpacked, _ := i.unpack(packed, s.size, at)
		found := i.look(unpacked, at.member(one.name))
		if carries[found.format] != "pickle" {
			found.format = Archive
		}
		return found, true
	}
	return sight{}, false
}

// zlibHeader holds for two bytes that a zlib stream may begin with (RFC 1950,
// 2.2): a multiple of 31, no dictionary.
func zlibHeader(head string) bool {
	return len(head) >= 2 && (int(head[0])<<8|int(head[1]))%31 == 0 && head[1]&0x20 == 0
}
