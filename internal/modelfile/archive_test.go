package modelfile_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

const evil = "cos\nsystem\n(S'id'\ntR."

// member is one entry of an archive, in order.
type member struct{ name, content string }

func zipped(t testing.TB, method uint16, members ...member) string {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	for _, one := range members {
		into, err := writer.CreateHeader(&zip.FileHeader{Name: one.name, Method: method})
		must(t, err)
		_, err = io.WriteString(into, one.content)
		must(t, err)
	}
	must(t, writer.Close())
	return packed.String()
}

func tarred(t testing.TB, headers ...tar.Header) string {
	t.Helper()
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	for _, header := range headers {
		content := header.Uname // where a test keeps it
		header.Uname, header.Size, header.Mode = "", int64(len(content)), 0o644
		must(t, writer.WriteHeader(&header))
		_, err := io.WriteString(writer, content)
		must(t, err)
	}
	must(t, writer.Close())
	return packed.String()
}

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := io.WriteString(writer, content)
	must(t, err)
	must(t, writer.Close())
	return packed.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A pickle is found however it is packed, and its place is told.
func TestAPickleIsFoundInsideArchives(t *testing.T) {
	var deflated bytes.Buffer
	writer := zlib.NewWriter(&deflated)
	_, err := io.WriteString(writer, evil)
	must(t, err)
	must(t, writer.Close())
	for name, c := range map[string]struct {
		content, inside string
		format          modelfile.Format
	}{
		"stored":           {zipped(t, zip.Store, member{"weights.json", evil}), "weights.json", modelfile.Archive},
		"deflated":         {zipped(t, zip.Deflate, member{"weights.json", evil}), "weights.json", modelfile.Archive},
		"zip in a zip":     {zipped(t, zip.Deflate, member{"a.zip", zipped(t, zip.Store, member{"b", evil})}), "a.zip/b", modelfile.Archive},
		"tar":              {tarred(t, tar.Header{Name: "a/b", Uname: evil}), "a/b", modelfile.Archive},
		"gzip":             {gzipped(t, evil), "gzip", modelfile.Pickle},
		"gzip of a tar":    {gzipped(t, tarred(t, tar.Header{Name: "b", Uname: evil})), "gzip/b", modelfile.Archive},
		"zlib":             {deflated.String(), "zlib", modelfile.Pickle},
		"behind a program": {"#!/bin/sh\n" + zipped(t, zip.Store, member{"b", evil}), "b", modelfile.Program},
		"PyTorch":          {zipped(t, zip.Store, member{"m/data.pkl", evil}, member{"m/version", "3\n"}), "m/data.pkl", modelfile.Torch},
		"old PyTorch": {tarred(t, tar.Header{Name: "pickle", Uname: evil}, tar.Header{Name: "storages", Uname: "N."}, tar.Header{Name: "tensors", Uname: "N."}),
			"pickle", modelfile.Torch},
	} {
		got := look(t, "model", c.content)
		if got.Format != c.format || got.Code == "" || !slices.Contains(told(got), "calls os.system (in "+c.inside+")") {
			t.Errorf("%s: %s, code %q, %q", name, got.Format, got.Code, told(got))
		}
	}
}

// A member that is text by content and Python by name is code.
func TestPythonInAnArchiveIsCode(t *testing.T) {
	if got := look(t, "m.zip", zipped(t, zip.Deflate, member{"a.txt", "x"}, member{"code/__torch__.py", "x = 1\n"})); got.Code != "program" {
		t.Errorf("code %q", got.Code)
	}
	if got := look(t, "m.zip", zipped(t, zip.Deflate, member{"a.txt", "x"})); got.Code != "" || got.Format != modelfile.Archive || len(got.Findings) > 0 {
		t.Errorf("%s, code %q, %q", got.Format, got.Code, told(got))
	}
}

// patched is content with a text put in the place of another.
func patched(content, old, with string, times int) string {
	return strings.Replace(content, old, with, times)
}

func TestAHostileArchiveIsReported(t *testing.T) {
	plain := zipped(t, zip.Store, member{"first", "aaaa"}, member{"second", "bbbb"})
	entry := strings.Index(plain, "PK\x01\x02")
	second := strings.LastIndex(plain, "PK\x01\x02")
	write := func(at int, n uint32) string {
		bytes := []byte(plain)
		binary.LittleEndian.PutUint32(bytes[at:], n)
		return string(bytes)
	}
	zeros := strings.Repeat("\x00", 8<<20)
	deep := evil
	for range 6 {
		deep = zipped(t, zip.Store, member{"x", deep})
	}
	for claim, c := range map[string]struct{ content, want string }{
		"a bomb":                   {zipped(t, zip.Deflate, member{"x", zeros}), "bomb unpacks into more than 200 times its size (in x)"},
		"a gzip bomb":              {gzipped(t, zeros), "bomb unpacks into more than 200 times its size"},
		"one too large to unpack":  {gzipped(t, strings.Repeat("\x00", 65<<20)), "unread unpacks into more than is looked into"},
		"many large ones":          {zipped(t, zip.Deflate, large...), "unread unpacks into more than is looked into (in 5)"},
		"an absolute name":         {zipped(t, zip.Store, member{"/etc/passwd", "x"}), "outside names /etc/passwd"},
		"a name that climbs":       {zipped(t, zip.Store, member{"a/../../b", "x"}), "outside names a/../../b"},
		"a name that climbs back":  {zipped(t, zip.Store, member{`a\..\..\b`, "x"}), `outside names a\..\..\b`},
		"a name twice":             {zipped(t, zip.Store, member{"a", "x"}, member{"a", "y"}), "malformed two members have the name a"},
		"another name inside":      {patched(plain, "second", "third.", 1), "malformed a zip: member second: its own header says that its name is third."},
		"encrypted":                {plain[:entry+8] + "\x01" + plain[entry+9:], "unread is encrypted, or packed by a method that is not read (in first)"},
		"a method nobody knows":    {patched(plain, "PK\x01\x02\x14\x00\x14\x00\x08\x00\x00\x00", "PK\x01\x02\x14\x00\x14\x00\x08\x00\x63\x00", 1), "malformed a zip: member first: its own header says that it is packed in another way"},
		"members that overlap":     {write(second+42, 0), "malformed a zip: member second: its own header says that its name is first"},
		"a member that is longer":  {write(entry+20, 1000), "malformed a zip: member first: its bytes lead out of the file"},
		"a member that is nowhere": {write(entry+42, 9), "malformed a zip: member first: there is no header where the directory says"},
		"two sizes":                {write(entry+24, 9), "malformed is stored, with two sizes (in first)"},
		"a directory that lies":    {plain[:len(plain)-12] + "\x09" + plain[len(plain)-11:], "malformed a zip whose directory says that it has 9 members"},
		"no directory":             {plain[:entry], "malformed a zip without a directory"},
		"a zip behind a pickle":    {"N." + plain, "disguised a zip behind something else"},
		"too deep":                 {deep, "unread archives within archives, more than 4 deep (in x/x/x/x/x)"},
		"a link in a tar":          {tarred(t, tar.Header{Name: "a", Typeflag: tar.TypeSymlink, Linkname: "/etc"}), "outside links a to /etc"},
		"a device in a tar":        {tarred(t, tar.Header{Name: "a", Typeflag: tar.TypeChar}), "outside makes a device or something else that is no file: a"},
		"a tar that climbs":        {tarred(t, tar.Header{Name: "../a", Uname: "x"}), "outside names ../a"},
		"a tar that breaks off":    {tarred(t, tar.Header{Name: "a", Uname: zeros})[:1<<20], "unread a sparse file, or one that breaks off (in a)"},
		"a gzip that breaks off":   {gzipped(t, evil)[:20], "malformed does not unpack: unexpected EOF"},
		"zstd":                     {"\x28\xb5\x2f\xfd rest", "unread packed by zstd, which is not read"},
	} {
		if got := look(t, "model", c.content); !slices.Contains(told(got), c.want) {
			t.Errorf("%s: %s %q, want %q", claim, got.Format, told(got), c.want)
		}
	}
}

// large are members that are each within bounds, and together not.
var large = []member{
	{"1", strings.Repeat("ab\x00", 20<<20)}, {"2", strings.Repeat("cd\x00", 20<<20)}, {"3", strings.Repeat("ef\x00", 20<<20)},
	{"4", strings.Repeat("gh\x00", 20<<20)}, {"4b", strings.Repeat("gh\x00", 10<<20)}, {"5", "x"},
}

// wide is a zip of one stored member whose sizes and offsets all stand in the
// fields of ZIP64 (APPNOTE 4.3.14, 4.5.3).
func wide(name, content string) string {
	u16 := func(n int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(n))) }
	size, none := uint64(len(content)), u32(1<<32-1)
	local := "PK\x03\x04" + u16(45) + strings.Repeat("\x00", 12) + none + none + u16(len(name)) + u16(20) + name + u16(1) + u16(16) + u64(size) + u64(size) + content
	entry := "PK\x01\x02" + u16(45) + u16(45) + strings.Repeat("\x00", 12) + none + none + u16(len(name)) + u16(4+28) +
		strings.Repeat("\x00", 10) + none + name + u16(0x6375) + u16(0) + u16(1) + u16(24) + u64(size) + u64(size) + u64(0)
	end := "PK\x06\x06" + u64(44) + u16(45) + u16(45) + u32(0) + u32(0) + u64(1) + u64(1) + u64(uint64(len(entry))) + u64(uint64(len(local)))
	locator := "PK\x06\x07" + u32(0) + u64(uint64(len(local)+len(entry))) + u32(1)
	return local + entry + end + locator + "PK\x05\x06" + u32(0) + u16(1<<16-1) + u16(1<<16-1) + none + none + u16(0)
}

func TestAWideZipIsReadLikeAnyOther(t *testing.T) {
	content := wide("data.pkl", evil)
	reader, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	must(t, err) // the standard library agrees that this is one
	if len(reader.File) != 1 {
		t.Fatalf("%d members", len(reader.File))
	}
	for claim, zip := range map[string]string{"by itself": content, "behind something": "12345" + content} {
		if got := look(t, "model", zip); got.Format != modelfile.Torch || !slices.Contains(told(got), "calls os.system (in data.pkl)") {
			t.Errorf("%s: %s %q", claim, got.Format, told(got))
		}
	}
	if got := look(t, "model", strings.Replace(content, "PK\x06\x06", "PK\x06\x00", 1)); !slices.Contains(told(got), "malformed a zip without a directory") {
		t.Errorf("without its end: %q", told(got))
	}
}
