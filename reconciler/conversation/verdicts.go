package conversation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// Verdicts is a directory of verdicts by the key of their content, shared by
// any number of processes. An entry appears whole, by a rename, or not at all;
// one that is broken is none, and whatever is removed is judged again. The
// empty Verdicts keep nothing.
type Verdicts string

// Judged is a verdict, and until when it is used again.
type Judged struct {
	Report report.Report `json:"report"`
	Until  time.Time     `json:"until"`
}

// final holds for a verdict. What could not be judged is none, and is tried again.
func (j Judged) final() bool {
	return j.Report.Error == "" && !slices.ContainsFunc(j.Report.Promotions, func(p report.Promotion) bool { return p.Error != "" })
}

// empty holds where nothing was judged, because nothing had to be.
func (j Judged) empty() bool { return len(j.Report.Promotions) == 0 && j.Report.Error == "" }

const (
	maxVerdicts = 2000
	maxVerdict  = 8 << 20 // bytes of one; a report with its curves has 200 kB
	longest     = 10 * time.Minute
)

// lifetime ends a verdict soon, at midnight, and when a freeze begins or ends. What
// it stands on ends by the day (a waiver, an agreement, a decision), and what is
// outside of git has no place in the key: another vulnerability database, evidence
// that came to a registry. To judge again costs no measurement, for the ledger has
// those.
func lifetime(began, turns time.Time) time.Time {
	until := began.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	for _, sooner := range []time.Time{began.Add(longest), turns} {
		if !sooner.IsZero() && sooner.Before(until) {
			until = sooner
		}
	}
	return until
}

// Find gives the verdict about a content, if it still holds.
func (v Verdicts) Find(key evidence.Digest, now time.Time) (Judged, bool) {
	name, err := v.entry(key)
	if err != nil {
		return Judged{}, false
	}
	judged, err := readVerdict(name)
	fresh := now.Before(judged.Until) && !now.Before(judged.Until.Add(-longest)) // a clock that goes back is not trusted
	return judged, err == nil && fresh
}

// Keep keeps a verdict, and forgets the oldest ones where there are too many. A
// content without a key is not kept.
func (v Verdicts) Keep(key evidence.Digest, judged Judged) error {
	if v == "" || key == "" {
		return nil
	}
	name, err := v.entry(key)
	if err == nil {
		err = os.MkdirAll(string(v), 0o755)
	}
	if err == nil {
		err = writeVerdict(name, judged)
	}
	if err != nil {
		return fmt.Errorf("keeping a verdict: %w", err)
	}
	return v.forget()
}

// entry is the file of a key. What is no digest would be a path to anywhere.
func (v Verdicts) entry(key evidence.Digest) (string, error) {
	if _, err := evidence.ParseDigest(string(key)); err != nil || v == "" {
		return "", fs.ErrNotExist
	}
	return filepath.Join(string(v), key.Hex()), nil
}

// readVerdict reads the digest of the rest, and the rest: half a file, or a
// file in which a bit has turned, is no verdict.
func readVerdict(name string) (Judged, error) {
	file, err := os.Open(name)
	if err != nil {
		return Judged{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxVerdict))
	if err != nil {
		return Judged{}, err
	}
	sum, text, _ := bytes.Cut(content, []byte("\n"))
	if string(sum) != string(evidence.Sum(text)) {
		return Judged{}, fmt.Errorf("%s is broken", name)
	}
	var judged Judged
	return judged, json.Unmarshal(text, &judged)
}

func writeVerdict(name string, judged Judged) error {
	text, err := json.Marshal(judged)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = fmt.Fprintf(temporary, "%s\n%s", evidence.Sum(text), text)
	if err := cmp.Or(err, temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}

// forget removes the oldest entries above the bound. Another process may be
// quicker.
func (v Verdicts) forget() error {
	entries, err := os.ReadDir(string(v))
	if err != nil || len(entries) <= maxVerdicts {
		return err
	}
	age := map[string]time.Time{}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			age[entry.Name()] = info.ModTime()
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return age[a.Name()].Compare(age[b.Name()]) })
	for _, entry := range entries[:len(entries)-maxVerdicts] {
		if err := os.Remove(filepath.Join(string(v), entry.Name())); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
