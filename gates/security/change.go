package security

import (
	"context"
	"io"
	"io/fs"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// What a change may ask to be read for secrets. A file that is larger is told,
// and a rule denies it: data has a contract and a gate of its own, and is not
// among these files.
const (
	maxChangedFile  = 16 << 20
	maxChangedBytes = 128 << 20
)

// measureChange counts the secrets in what a change adds or alters, binary files
// too, and names where each one is. That a later commit takes a secret away
// changes nothing: it stays in the history.
func measureChange(ctx context.Context, tree fs.FS) ([]evidence.Measurement, error) {
	if tree == nil {
		return nil, nil // nothing is known of it, and rules deny that
	}
	secrets := newSearch("secret_in_change")
	var unread []evidence.Measurement
	left := int64(maxChangedBytes)
	files, err := eachFile(ctx, tree, func(file string, content io.Reader) error {
		info, err := fs.Stat(tree, file)
		if err != nil {
			return err
		}
		if left -= info.Size(); info.Size() > maxChangedFile || left < 0 {
			unread = append(unread, item("change_file_unread", file, "too large to be searched for secrets"))
			return nil
		}
		secrets.in(file, content)
		return nil
	})
	if err != nil {
		return nil, err
	}
	measured := []evidence.Measurement{
		count("secrets_in_change", secrets.total, files), count("change_files_unread", len(unread), files),
	}
	return append(append(measured, secrets.found...), unread[:min(len(unread), maxListed)]...), nil
}
