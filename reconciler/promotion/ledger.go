package promotion

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Ledger is a directory that holds the outputs of phases by the digest of
// their inputs: <verb>/<input>/. An entry appears whole, by a rename, or not
// at all; whatever is removed is made again.
type Ledger string

// entry is the directory of an output, made by `make` when it is not there.
// make gets an empty directory; what it leaves there is the output.
func (l Ledger) entry(verb string, input evidence.Digest, make func(dir string) error) (dir string, cached bool, err error) {
	if _, err := evidence.ParseDigest(string(input)); err != nil { // it would be a path to anywhere
		return "", false, fmt.Errorf("keeping what %s made: %w", verb, err)
	}
	dir = filepath.Join(string(l), verb, input.Hex())
	if _, err := os.Stat(dir); err == nil {
		return dir, true, nil
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", false, fmt.Errorf("keeping what %s made: %w", verb, err)
	}
	temporary, err := os.MkdirTemp(parent, ".new-")
	if err != nil {
		return "", false, fmt.Errorf("keeping what %s made: %w", verb, err)
	}
	defer os.RemoveAll(temporary)
	if err := make(temporary); err != nil {
		return "", false, err
	}
	if err := os.Rename(temporary, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, gone := os.Stat(dir); gone != nil { // another run may have been quicker: the same input, the same output
			return "", false, fmt.Errorf("keeping what %s made: %w", verb, err)
		}
	}
	return dir, false, nil
}

// value is an entry that holds one JSON value. A broken entry is no entry: it
// is made again.
func value[T any](l Ledger, verb string, input evidence.Digest, make func() (T, error)) (made T, cached bool, err error) {
	dir, cached, err := l.entry(verb, input, writeOutput(make))
	if err != nil {
		return made, false, err
	}
	err = readOutput(dir, &made)
	if err != nil && cached {
		if err := os.RemoveAll(dir); err != nil {
			return made, false, fmt.Errorf("removing a broken output of %s: %w", verb, err)
		}
		if dir, cached, err = l.entry(verb, input, writeOutput(make)); err != nil {
			return made, false, err
		}
		err = readOutput(dir, &made)
	}
	if err != nil {
		return made, false, fmt.Errorf("reading what %s made: %w", verb, err)
	}
	return made, cached, nil
}

// outputFile is where an entry of one value holds it.
const outputFile = "output.json"

func writeOutput[T any](make func() (T, error)) func(dir string) error {
	return func(dir string) error {
		made, err := make()
		if err != nil {
			return err
		}
		text, err := json.Marshal(made)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, outputFile), text, 0o644)
	}
}

func readOutput(dir string, into any) error {
	text, err := os.ReadFile(filepath.Join(dir, outputFile))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
