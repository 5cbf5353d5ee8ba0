package security

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"go.etcd.io/bbolt"
)

// databaseLayer is the media type of https://github.com/aquasecurity/trivy-db
// releases.
const databaseLayer = "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip"

// openDatabase makes the vulnerability database Trivy's, and tells when it was
// built. The caller holds trivy and closes the database.
func (g Gate) openDatabase(ctx context.Context) (updated time.Time, err error) {
	dir, err := g.fetchDatabase(ctx)
	if err != nil {
		return time.Time{}, err
	}
	defer func() {
		if err != nil { // fetch anew next time: the copy may be what is damaged
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	about, err := metadata.NewClient(dir).Get()
	if err != nil {
		return time.Time{}, fmt.Errorf("it is not a vulnerability database: %w", err)
	}
	if about.Version != db.SchemaVersion || about.UpdatedAt.IsZero() {
		return time.Time{}, fmt.Errorf("it has schema %d of %s, this program reads dated databases of schema %d",
			about.Version, about.UpdatedAt, db.SchemaVersion)
	}
	if err := db.Init(dir, db.WithBoltOptions(&bbolt.Options{ReadOnly: true, Timeout: time.Second})); err != nil {
		return time.Time{}, fmt.Errorf("it is not a vulnerability database: %w", err)
	}
	return about.UpdatedAt, requireBuckets()
}

// requireBuckets refuses a bolt file that is something else: Trivy would find
// no advisory in it, for any package.
func requireBuckets() (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	defer catchDamage(&err)()
	return db.Config{}.Connection().View(func(tx *bbolt.Tx) error {
		for _, bucket := range []string{"vulnerability", "data-source"} {
			if tx.Bucket([]byte(bucket)) == nil {
				return fmt.Errorf("it is not a vulnerability database: it has no bucket %q", bucket)
			}
		}
		return nil
	})
}

// catchDamage turns what a damaged database does to its reader into an error.
// bbolt maps the file into memory and asserts its structure: a file cut short
// is a fault, and a page that is not one is a panic.
func catchDamage(err *error) func() {
	faults := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(faults)
		if damage := recover(); damage != nil {
			*err = fmt.Errorf("it is damaged: %v", damage)
		}
	}
}

// fetchDatabase answers with the directory that holds the unpacked database.
// A database that is there already, by the digest of its manifest, is not
// downloaded again; older ones make room.
func (g Gate) fetchDatabase(ctx context.Context) (string, error) {
	reference, err := name.ParseReference(g.Database, g.nameOptions()...)
	if err != nil {
		return "", err
	}
	image, err := remote.Image(reference, remoteOptions(ctx)...)
	if err != nil {
		return "", err
	}
	if err := onlyOwnLayers(image); err != nil {
		return "", err
	}
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	root := filepath.Join(g.CacheDir, "vulnerability-database")
	dir := filepath.Join(root, digest.Hex)
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := os.RemoveAll(root); err != nil {
		return "", err
	}
	return dir, download(image, dir)
}

// download unpacks beside the directory and renames, so that a database is
// there whole or not at all.
func download(image v1.Image, dir string) error {
	layers, err := image.Layers()
	if err != nil {
		return err
	}
	if len(layers) != 1 {
		return fmt.Errorf("it is not a vulnerability database: it has %d layers", len(layers))
	}
	if kind, err := layers[0].MediaType(); err != nil || kind != databaseLayer {
		return errors.Join(err, fmt.Errorf("it is not a vulnerability database: its layer is %s", kind))
	}
	partial := dir + ".partial"
	if err := os.MkdirAll(partial, 0o755); err != nil {
		return err
	}
	packed, err := layers[0].Compressed()
	if err != nil {
		return err
	}
	defer packed.Close()
	if err := unpack(packed, partial); err != nil {
		return errors.Join(fmt.Errorf("unpacking it: %w", err), os.RemoveAll(partial))
	}
	return os.Rename(partial, dir)
}
