package modelfile

import (
	"archive/tar"
	"errors"
	"io"
)

// lookTar knows the two marks of POSIX and GNU at byte 257; the V7 format has
// none, and nothing has written it for decades.
func lookTar(i *inspector, s source, at place) (sight, bool) {
	if string(s.at(257, 5)) != "ustar" {
		return sight{}, false
	}
	section := s.reader()
	reader := tar.NewReader(section)
	code, legacy := "", 0
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			i.find(at, Malformed, "a tar: "+err.Error(), 0)
			break
		}
		from, _ := section.Seek(0, io.SeekCurrent) // a tar is read block by block, without buffering
		if i.members++; i.members > maxMembers {
			i.find(at, Unread, "more members than are looked into", from)
			break
		}
		if header.Name == "storages" || header.Name == "tensors" || header.Name == "pickle" {
			legacy++ // torch/serialization.py: legacy_load
		}
		if found := i.tarMember(s, header, from, at); code == "" {
			code = found.code
		}
	}
	if legacy == 3 {
		return seen(Torch), true
	}
	return sight{Archive, code}, true
}

func (i *inspector) tarMember(s source, header *tar.Header, from int64, at place) sight {
	i.name(header.Name, at, from)
	switch header.Typeflag {
	case tar.TypeReg:
		if header.Size > s.size-from {
			i.find(at.member(header.Name), Unread, "a sparse file, or one that breaks off", from)
			return sight{}
		}
		return i.nested(s.part(from, header.Size), header.Name, at)
	case tar.TypeDir, tar.TypeXGlobalHeader:
	case tar.TypeSymlink, tar.TypeLink:
		i.find(at, Outside, "links "+shorten(header.Name)+" to "+shorten(header.Linkname), from)
	default:
		i.find(at, Outside, "makes a device or something else that is no file: "+shorten(header.Name), from)
	}
	return sight{}
}
