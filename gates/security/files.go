package security

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
)

// Bounds on what one candidate may make us read.
const (
	maxFiles      = 10_000
	maxFileBytes  = 4 << 30
	maxImageBytes = 32 << 30 // uncompressed; serving images with CUDA come near 20 GiB
)

// budget is a number of bytes shared by several readers. It outlives Trivy's
// habit of logging a read error and going on: err tells it afterwards.
type budget struct {
	left   atomic.Int64
	failed atomic.Pointer[error]
}

func newBudget(bytes int64) *budget {
	b := &budget{}
	b.left.Store(bytes)
	return b
}

func (b *budget) reader(from io.Reader) io.Reader { return budgetReader{from, b} }

func (b *budget) err() error {
	if failed := b.failed.Load(); failed != nil {
		return *failed
	}
	return nil
}

type budgetReader struct {
	from   io.Reader
	budget *budget
}

func (r budgetReader) Read(into []byte) (int, error) {
	n, err := r.from.Read(into)
	if r.budget.left.Add(-int64(n)) < 0 {
		n, err = 0, fmt.Errorf("more bytes than a candidate may have")
	}
	if err != nil && err != io.EOF {
		r.budget.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// eachFile visits the files of a tree in lexical order and tells how many
// there were. A link or a device is an error: what a cluster or a server would
// read through it is not what was measured.
func eachFile(ctx context.Context, tree fs.FS, visit func(path string, content io.Reader) error) (int, error) {
	files, bytes := 0, newBudget(maxFileBytes)
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is not a regular file", path)
		case files == maxFiles:
			return fmt.Errorf("there are more than %d files", maxFiles)
		}
		files++
		return visitFile(tree, path, bytes, visit)
	})
	return files, err
}

func visitFile(tree fs.FS, path string, bytes *budget, visit func(string, io.Reader) error) error {
	file, err := tree.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := visit(path, bytes.reader(file)); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	if err := bytes.err(); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}
