package auditlog

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// key is a pair as `assay keys generate` makes it.
func key(t testing.TB) (private []byte, public crypto.PublicKey) {
	t.Helper()
	private, text, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	public, err = evidence.ParsePublicKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

// publicOf is the public half of a pair.
func publicOf(t testing.TB, private []byte) crypto.PublicKey {
	t.Helper()
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer.Public()
}

func open(t testing.TB, dir string, private []byte) *Log {
	t.Helper()
	log, err := Open(t.Context(), dir, private)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func closed(t testing.TB, log *Log) {
	t.Helper()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

// denial is the nth verdict: every third allows.
func denial(n int) Record {
	record := Record{
		Kind: Verdict, Time: time.Date(2026, 1, 1, 0, n, 0, 0, time.UTC), Commit: fmt.Sprintf("c%d", n), Actor: "emil@example.org",
		Environment: "staging", Subject: evidence.Subject{Name: "tumour", Digest: evidence.Sum([]byte{byte(n)})},
		Allowed: n%3 == 0, Evaluated: 90, Policy: "sha256:p", Evidence: []evidence.Digest{evidence.Sum([]byte("bias"))},
	}
	if !record.Allowed {
		record.Findings = []Finding{{"model.bias.equal_opportunity", "failed", "deny", "gap may be 0.12, limit 0.10"}}
	}
	return record
}

// grown is a closed log of n records.
func grown(t testing.TB, private []byte, n int) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "log")
	log := open(t, dir, private)
	var records []Record
	for i := range n {
		records = append(records, denial(i))
	}
	log.mu.Lock()
	_, err := log.append(t.Context(), records...)
	log.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	closed(t, log)
	return dir
}

func everything(Entry) bool { return true }

func TestWhatIsAcknowledgedIsProvenAtOnce(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "state", "log")
	log := open(t, dir, private)
	var seen []byte
	for n := range 3 {
		given, err := log.Append(t.Context(), denial(n))
		if err != nil || given.Index != uint64(n) || given.Checkpoint.Size != uint64(n+1) {
			t.Fatalf("%d: receipt %+v, %v", n, given, err)
		}
		now, entries, err := Read(t.Context(), dir, public, seen, everything) // the log is open: a reader needs no lock
		if err != nil || now.String() != given.Checkpoint.String() || len(entries) != n+1 {
			t.Fatalf("%d: read %v, %d entries, %v", n, now, len(entries), err)
		}
		want, _ := denial(n).Encode()
		if got, _ := entries[n].Record.Encode(); string(got) != string(want) || entries[n].Index != uint64(n) {
			t.Errorf("entry %d is %s, want %s", n, got, want)
		}
		seen = now.Text
	}
	closed(t, log)
	if _, err := log.Append(t.Context(), denial(3)); err == nil {
		t.Error("a closed log appends")
	}
	log = open(t, dir, private)
	defer closed(t, log)
	if given, err := log.Append(t.Context(), denial(3)); err != nil || given.Index != 3 {
		t.Errorf("after opening again: %+v, %v", given, err)
	}
}

// The reconciler judges every ten minutes. What it says again is not news, but
// going back to an earlier verdict is.
func TestADecisionIsLoggedWhenItChanges(t *testing.T) {
	private, public := key(t)
	dir := t.TempDir()
	log := open(t, dir, private)
	first, second := denial(1), denial(2)
	later := first
	later.Time = first.Time.Add(time.Hour)
	elsewhere := first
	elsewhere.Environment = "production"
	for i, step := range []struct {
		record Record
		added  bool
		index  uint64
	}{{first, true, 0}, {later, false, 0}, {elsewhere, true, 1}, {second, true, 2}, {later, true, 3}, {elsewhere, false, 1}} {
		if i == 2 {
			closed(t, log)
			log = open(t, dir, private) // and it is known from the log, not from memory
		}
		given, added, err := log.AppendChange(t.Context(), step.record)
		if err != nil || added != step.added || given.Index != step.index || given.Checkpoint.Size <= given.Index {
			t.Errorf("step %d: %+v, %v, %v", i, given, added, err)
		}
	}
	closed(t, log)
	if now, _, err := Read(t.Context(), dir, public, nil, nil); err != nil || now.Size != 4 {
		t.Errorf("the log has %v, %v", now, err)
	}
}

func TestOnlyOneProcessAppends(t *testing.T) {
	private, _ := key(t)
	dir := t.TempDir()
	log := open(t, dir, private)
	if _, err := Open(t.Context(), dir, private); !errors.Is(err, ErrLocked) {
		t.Errorf("a second log: %v", err)
	}
	closed(t, log)
	closed(t, open(t, dir, private))
}

func TestALogBelongsToOneKey(t *testing.T) {
	private, _ := key(t)
	dir := grown(t, private, 1)
	other, stranger := key(t)
	if _, err := Open(t.Context(), dir, other); !errors.Is(err, ErrBroken) {
		t.Errorf("another key opens it: %v", err)
	}
	if _, _, err := Read(t.Context(), dir, stranger, nil, nil); !errors.Is(err, ErrBroken) {
		t.Errorf("another key reads it: %v", err)
	}
}

// Full tiles, a second level, and the widths between: each as other clients of
// the format see it.
func TestLogsOfEverySizeAreReadByOthersToo(t *testing.T) {
	private, public := key(t)
	verifier, err := verifierOf(public, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 2, 255, 256, 257, 600} {
		dir := grown(t, private, size)
		now, entries, err := Read(t.Context(), dir, public, nil, everything)
		if err != nil || now.Size != uint64(size) || len(entries) != size {
			t.Fatalf("%d: %v, %d entries, %v", size, now, len(entries), err)
		}
		others := fsck.New(verifier.Name(), verifier, client.FileFetcher{Root: dir}, leafHashes, fsck.Opts{})
		if err := others.Check(t.Context()); err != nil {
			t.Errorf("%d: tessera's fsck: %v", size, err)
		}
	}
}

func leafHashes(text []byte) (hashes [][]byte, err error) {
	var bundle api.EntryBundle
	err = bundle.UnmarshalText(text)
	for _, entry := range bundle.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, err
}

// A log that is appended to one by one keeps no more than one file of each tile.
func TestNarrowerTilesAreTidiedAway(t *testing.T) {
	private, _ := key(t)
	dir := t.TempDir()
	log := open(t, dir, private)
	defer closed(t, log)
	for n := range 4 {
		if _, err := log.Append(t.Context(), denial(n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"tile/0/000.p", "tile/entries/000.p"} {
		files, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil || len(files) != 1 || files[0].Name() != "4" {
			t.Errorf("%s holds %v, %v", name, files, err)
		}
	}
}

func TestACallerWhoHasGoneAwayWritesNothing(t *testing.T) {
	private, public := key(t)
	dir := t.TempDir()
	log := open(t, dir, private)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := log.Append(gone, denial(0)); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := log.Append(t.Context(), Record{}); err == nil {
		t.Error("an empty record was appended")
	}
	if _, err := log.Append(t.Context(), denial(0)); err != nil { // neither stops the log
		t.Error(err)
	}
	closed(t, log)
	if now, _, err := Read(t.Context(), dir, public, nil, nil); err != nil || now.Size != 1 {
		t.Errorf("the log has %v, %v", now, err)
	}
}

func TestKeysOfOtherKindsAreRefused(t *testing.T) {
	private, _ := key(t)
	for name, text := range map[string][]byte{"nothing": nil, "half": private[:len(private)/2], "no PKCS #8": []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")} {
		if _, err := Open(t.Context(), t.TempDir(), text); err == nil {
			t.Errorf("%s is a key", name)
		}
	}
	if _, _, err := Read(t.Context(), t.TempDir(), nil, nil, nil); err == nil {
		t.Error("no key reads a log")
	}
}

// indices are where the entries stand.
func indices(entries []Entry) (at []uint64) {
	for _, entry := range entries {
		at = append(at, entry.Index)
	}
	return at
}

func TestOnlyTheEntriesThatAreWantedAreKept(t *testing.T) {
	private, public := key(t)
	_, entries, err := Read(t.Context(), grown(t, private, 10), public, nil, func(entry Entry) bool { return entry.Record.Allowed })
	if at := indices(entries); err != nil || !slices.Equal(at, []uint64{0, 3, 6, 9}) {
		t.Errorf("entries %v, %v", at, err)
	}
}
