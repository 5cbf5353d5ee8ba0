package auditlog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/api/layout"
)

// folder is the directory of a log. Whoever could write it may have put
// anything there: files are bounded, and only regular ones are read.
type folder string

const (
	maxBundle = layout.EntryBundleWidth * (2 + maxRecord)
	maxFiles  = 4096 // in one directory of partial tiles
)

func (f folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }

func (f folder) read(name string, limit int64) ([]byte, error) {
	file, err := os.OpenFile(f.path(name), os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not make us wait
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, broken("%s is no file", name)
	}
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = broken("%s is larger than %d bytes", name, limit)
	}
	return text, err
}

// tile reads the hashes of a tile: width of them, as a file of that width or
// as the beginning of the full one.
func (f folder) tile(level, index uint64, width int) ([]byte, error) {
	size := int64(width) * hashSize
	text, err := f.part(func(partial uint8) string { return layout.TilePath(level, index, partial) }, width, layout.TileWidth*hashSize)
	if err == nil && int64(len(text)) < size {
		err = broken("tile %d of level %d is too short", index, level)
	}
	if err != nil {
		return nil, err
	}
	return text[:size], nil
}

// part reads the file of that width, or else the full one.
func (f folder) part(name func(uint8) string, width int, limit int64) ([]byte, error) {
	text, err := f.read(name(uint8(width)), limit) // 256 is full, and written as 0
	if errors.Is(err, fs.ErrNotExist) {
		text, err = f.read(name(0), limit)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, broken("%s is gone", name(uint8(width)))
	}
	return text, err
}

// bundle reads the entries that belong to a tile of that width.
func (f folder) bundle(index uint64, width int) ([][]byte, error) {
	text, err := f.part(func(partial uint8) string { return layout.EntriesPath(index, partial) }, width, maxBundle)
	if err != nil {
		return nil, err
	}
	var bundle api.EntryBundle
	if err := bundle.UnmarshalText(text); err != nil {
		return nil, broken("entry bundle %d: %w", index, err)
	}
	if len(bundle.Entries) < width {
		return nil, broken("entry bundle %d holds %d entries of %d", index, len(bundle.Entries), width)
	}
	return bundle.Entries[:width], nil
}

// partial lists the widths for which there is a file of a tile or bundle that is
// not full. name is the path of the full one.
func (f folder) partial(name string, wanted func(width int) bool) ([]uint8, error) {
	directory, err := os.Open(f.path(name + ".p"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	names, err := directory.Readdirnames(maxFiles)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("listing %s.p: %w", name, err)
	}
	if len(names) == maxFiles {
		return nil, broken("%s.p holds too many files", name)
	}
	var widths []uint8
	for _, found := range names {
		if one, err := strconv.ParseUint(found, 10, 8); err == nil && one > 0 && wanted(int(one)) && found == strconv.FormatUint(one, 10) {
			widths = append(widths, uint8(one))
		}
	}
	return widths, nil
}
