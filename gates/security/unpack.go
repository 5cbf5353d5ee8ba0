package security

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxDatabaseBytes bounds the unpacked database; the real one is near 1 GiB.
const maxDatabaseBytes = 8 << 30

// unpack writes the two files of a database, and no other, whatever the
// archive holds. It reads to the very end, where the digest is verified.
func unpack(packed io.Reader, dir string) error {
	plain, err := gzip.NewReader(packed)
	if err != nil {
		return fmt.Errorf("it is not a gzip archive: %w", err)
	}
	bytes := newBudget(maxDatabaseBytes)
	archive := tar.NewReader(bytes.reader(plain))
	missing := map[string]bool{"trivy.db": true, "metadata.json": true}
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if !missing[header.Name] || header.Typeflag != tar.TypeReg {
			return fmt.Errorf("it holds %q, which no vulnerability database does, or holds it twice", header.Name)
		}
		delete(missing, header.Name)
		if err := writeFile(filepath.Join(dir, header.Name), archive); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("it has no trivy.db or no metadata.json")
	}
	_, err = io.Copy(io.Discard, io.LimitReader(packed, maxTrailer))
	return err
}

// maxTrailer is what may follow a database in its archive: padding.
const maxTrailer = 4 << 20

func writeFile(path string, content io.Reader) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}
