package security

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// accessKey is in the form of a key of AWS, and opens nothing.
var accessKey = "AKIA" + strings.Repeat("Z7", 8)

func changeOf(t *testing.T, tree fs.FS) []evidence.Measurement {
	t.Helper()
	measured, err := measureChange(t.Context(), tree)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range measured {
		if err := one.Validate(); err != nil {
			t.Error(err)
		}
	}
	return measured
}

func TestASecretInAChangeIsNamedByItsPlaceAndNotByItsText(t *testing.T) {
	binary := append(bytes.Repeat([]byte{0, 1, 2, 0xff}, 5000), "\n"+accessKey+"\n"...)
	measured := changeOf(t, fstest.MapFS{
		"models/breast/config.json": {Data: []byte("{\n \"id\": 1,\n \"key\": \"" + accessKey + "\"\n}\n")},
		"docs/example.md":           {Data: []byte("our key is " + accessKey)},
		"models/breast/weights.bin": {Data: binary},
		"models/breast/model.yaml":  {Data: []byte("kind: Model\n")},
	})
	tells(t, measured, "secrets_in_change : 3", "change_files_unread : 0",
		"secret_in_change aws-access-key-id models/breast/config.json:3: 1 (AWS Access Key ID)",
		"aws-access-key-id docs/example.md:1", "aws-access-key-id models/breast/weights.bin:")
	if text := summary(measured); strings.Contains(text, accessKey) || measured[0].N != 4 {
		t.Errorf("of %d files: %s", measured[0].N, text)
	}
}

func TestAChangeThatIsNotKnownIsNotOneWithoutSecrets(t *testing.T) {
	if measured := changeOf(t, nil); measured != nil {
		t.Errorf("measured %s", summary(measured))
	}
	tells(t, changeOf(t, fstest.MapFS{}), "secrets_in_change : 0", "change_files_unread : 0")
}

// What is too large to be searched is told, and what comes after it is searched.
func TestALargeFileIsToldAndNotPassed(t *testing.T) {
	tree := fstest.MapFS{"a.bin": {Data: make([]byte, maxChangedFile+1)}, "b.txt": {Data: []byte(accessKey)}}
	tells(t, changeOf(t, tree), "secrets_in_change : 1", "change_files_unread : 1", "change_file_unread a.bin: 1")
	for i := range maxChangedBytes/maxChangedFile + 1 {
		tree[fmt.Sprintf("c%d.bin", i)] = &fstest.MapFile{Data: make([]byte, maxChangedFile)}
	}
	measured := changeOf(t, tree)
	if text := summary(measured); strings.Contains(text, "change_files_unread : 1 ") || !strings.Contains(text, "change_file_unread c8.bin: 1") {
		t.Error(text)
	}
	if _, err := measureChange(t.Context(), fstest.MapFS{"link": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}}); err == nil {
		t.Error("a link is followed")
	}
}
