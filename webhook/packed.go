package webhook

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// packed is a list of envelopes, compressed: signed text about numbers is a
// seventh as long then, and a cluster may hold a hundred thousand releases. It is
// a string, so that the cache of the cluster's objects and the memory share it.
type packed string

// mark begins every packed text. Somebody may write a Release that begins so: it
// is unpacked within the same bound, and verified like any other.
const mark = "\x00packed\x00"

// maxPacked is beyond what an API server accepts as one object.
const maxPacked = 16 << 20

var compressors = sync.Pool{New: func() any {
	writer, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	return writer
}}

func pack(envelopes []string) packed {
	text, err := json.Marshal(envelopes)
	if err != nil {
		panic(err) // a list of strings is always JSON
	}
	short := bytes.NewBufferString(mark)
	writer := compressors.Get().(*flate.Writer)
	defer compressors.Put(writer)
	writer.Reset(short)
	if _, err := writer.Write(text); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := writer.Close(); err != nil {
		panic(err)
	}
	return packed(short.String())
}

// unpack gives the envelopes back, or an error for what pack has not made.
func (p packed) unpack() ([]evidence.Envelope, error) {
	short, is := strings.CutPrefix(string(p), mark)
	if !is {
		return nil, errors.New("nobody has packed it")
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(short)), maxPacked+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxPacked {
		return nil, fmt.Errorf("it is larger than %d bytes", maxPacked)
	}
	var texts []string
	if err := json.Unmarshal(text, &texts); err != nil {
		return nil, err
	}
	envelopes := make([]evidence.Envelope, len(texts))
	for i, text := range texts {
		envelopes[i] = evidence.Envelope(text)
	}
	return envelopes, nil
}
