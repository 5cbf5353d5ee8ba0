package images

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/aquasecurity/trivy-db/pkg/types"
	"go.etcd.io/bbolt"
)

// Parts of the database: the advisories for Debian 12, and those for Python's
// package index.
const (
	Debian12 = "debian 12"
	PyPI     = "pip::GitHub Security Advisory Pip"
)

// sources are what the parts name as their publishers.
var sources = map[string]types.SourceID{Debian12: "debian", PyPI: "ghsa"}

// Advisory says that a package is vulnerable: a source package of an operating
// system until a version, a package of a language in a range of versions.
type Advisory struct {
	ID      string // CVE-2099-0001
	Bucket  string // which part: Debian12 or PyPI
	Package string // the source package
	Fixed   string // the first version without the vulnerability; empty when there is none
	Range   string // PyPI: the versions that are vulnerable, such as "<1.26.5"
	// Severity is LOW, MEDIUM, HIGH or CRITICAL.
	Severity string
	Title    string
	Score    float64 // CVSS 3.1 base score; zero when nobody has scored it
}

// database is a trivy-db release: a bolt file and a description, packed.
func database(updated time.Time, advisories []Advisory) ([]byte, error) {
	dir, err := os.MkdirTemp("", "advisories-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "trivy.db")
	if err := write(path, advisories); err != nil {
		return nil, err
	}
	bolt, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var about bytes.Buffer
	err = json.NewEncoder(&about).Encode(metadata.Metadata{
		Version: db.SchemaVersion, UpdatedAt: updated.UTC(), NextUpdate: updated.UTC().Add(24 * time.Hour),
	})
	if err != nil {
		return nil, err
	}
	return archive([]file{{"metadata.json", about.String()}, {"trivy.db", string(bolt)}})
}

// write uses trivy-db's own encoding, but neither its Init nor its variable: a
// gate in the same process may be reading another database through those. The
// page size is fixed because it is otherwise the machine's.
func write(path string, advisories []Advisory) error {
	bolt, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 4096, Timeout: time.Second})
	if err != nil {
		return err
	}
	err = bolt.Update(func(tx *bbolt.Tx) error {
		if _, err := tx.CreateBucketIfNotExists([]byte("vulnerability")); err != nil {
			return err
		}
		if err := putSource(tx, Debian12); err != nil {
			return err
		}
		for _, advisory := range advisories {
			if err := put(tx, advisory); err != nil {
				return fmt.Errorf("advisory %s: %w", advisory.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		bolt.Close()
		return err
	}
	return bolt.Close()
}

func putSource(tx *bbolt.Tx, bucket string) error {
	source := types.DataSource{ID: sources[bucket], Name: "advisories made up for a demonstration"}
	return db.Config{}.PutDataSource(tx, bucket, source)
}

func put(tx *bbolt.Tx, advisory Advisory) error {
	severity, err := types.NewSeverity(advisory.Severity)
	if err != nil {
		return err
	}
	vulnerability := types.Vulnerability{Title: advisory.Title, VendorSeverity: types.VendorSeverity{"nvd": severity}}
	if advisory.Score > 0 {
		vulnerability.CVSS = types.VendorCVSS{"nvd": {V3Score: advisory.Score}}
	}
	store := db.Config{}
	if err := putSource(tx, advisory.Bucket); err != nil {
		return err
	}
	if err := store.PutVulnerability(tx, advisory.ID, vulnerability); err != nil {
		return err
	}
	fix := types.Advisory{FixedVersion: advisory.Fixed}
	if advisory.Range != "" {
		fix = types.Advisory{VulnerableVersions: []string{advisory.Range}, PatchedVersions: []string{advisory.Fixed}}
	}
	return store.PutAdvisory(tx, []string{advisory.Bucket, advisory.Package}, advisory.ID, &fix)
}
