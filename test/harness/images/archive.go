package images

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"time"
)

type file struct {
	name    string
	content string
}

// archive is a gzipped tar file that depends on nothing but its files: no
// clock, no owner, no name of this machine. It is not compressed, because how
// well Go does that changes from version to version.
func archive(files []file) ([]byte, error) {
	var packed bytes.Buffer
	compressor, err := gzip.NewWriterLevel(&packed, gzip.NoCompression)
	if err != nil {
		return nil, err
	}
	writer := tar.NewWriter(compressor)
	for _, one := range files {
		header := &tar.Header{
			Name: one.name, Size: int64(len(one.content)), Mode: 0o755,
			Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR,
		}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write([]byte(one.content)); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	if err := compressor.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
