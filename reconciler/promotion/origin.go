package promotion

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Files that fetch takes a data file apart into. The data file itself is
// beside them while it does.
const (
	trainFile   = "train.csv"
	holdoutFile = "holdout.csv"
)

func dataFile(source string) string { return "data" + path.Ext(source) }

// fault is an error about a row of a file.
type fault interface {
	error
	Place() (file string, row int)
	Moved(file string, row int) error
}

// told is an error in other words.
type told struct {
	error
	words string
}

func (t told) Error() string { return t.words }
func (t told) Unwrap() error { return t.error }

// locate tells of rows as they stand in the data file. Nobody but this program
// has the files of training and holdout rows, so a row of theirs is of no use
// to the author of the data. Where the data cannot be asked, the error stays.
func locate(ctx context.Context, tools Tools, state *State, err error) error {
	words := err.Error()
	for _, one := range faults(err) {
		if row, known := origin(ctx, tools, state, one); known {
			words = strings.ReplaceAll(words, one.Error(), one.Moved(source(state), row).Error())
		}
	}
	if words == err.Error() {
		return err
	}
	return told{err, words}
}

// faults are all errors about rows that an error wraps.
func faults(err error) []fault {
	if one, is := err.(fault); is {
		return []fault{one}
	}
	var found []fault
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		found = faults(err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			found = append(found, faults(one)...)
		}
	}
	return found
}

// origin is the row of the data file in which the fault stands.
func origin(ctx context.Context, tools Tools, state *State, at fault) (row int, known bool) {
	contract := state.Recipe.Contract
	file, row := at.Place()
	var mark string
	switch file {
	case dataFile(contract.Source):
		return row, true
	case trainFile:
		mark = contract.Split.Train
	case holdoutFile:
		mark = contract.Split.Holdout
	default:
		return 0, false
	}
	dir, err := os.MkdirTemp("", "assay-data-")
	if err != nil {
		return 0, false
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, dataFile(contract.Source))
	if err := copyOut(state.Request.Tree, source(state), data); err != nil {
		return 0, false
	}
	row, err = tools.Rows.Origin(ctx, data, contract, mark, row)
	return row, err == nil
}

// source is the data file's path in the promotion repository.
func source(state *State) string {
	return path.Join("datasets", state.Recipe.Dataset, state.Recipe.Contract.Source)
}
