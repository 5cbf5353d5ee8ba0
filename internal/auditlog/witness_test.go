package auditlog

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// named is a closed log of n records, of one of several that share a key.
func named(t *testing.T, name string, private []byte, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "log")
	log, err := OpenNamed(t.Context(), dir, name, private)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := log.Append(t.Context(), denial(i)); err != nil {
			t.Fatal(err)
		}
	}
	closed(t, log)
	return dir
}

// Who keeps a line of each head finds a log that was rolled back, rewritten, or
// removed and begun anew, under the same key or under another.
func TestALogThatWasBegunAnewIsFoundByItsWitnesses(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	var heads []Checkpoint
	log := open(t, dir, private)
	for n := range 3 {
		given, err := log.Append(t.Context(), denial(n))
		if err != nil {
			t.Fatal(err)
		}
		head, err := ParseHead(given.Checkpoint.Head())
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, head)
	}
	closed(t, log)
	stranger, strangersPublic := key(t)
	for name, test := range map[string]struct {
		dir, want string
		stranger  bool
	}{
		"as it was":               {dir: dir},
		"begun anew":              {dir: named(t, "", private, 1), want: "it was rolled back: 2 entries were seen, 1 are left"},
		"begun anew and refilled": {dir: grown(t, private, 9), want: ""}, // the same records in the same order are the same log
		"begun anew otherwise":    {dir: otherwise(t, private), want: "the first 1 entries are not those"},
		"under another key":       {dir: grown(t, stranger, 3), want: "none of the 3 heads that were witnessed", stranger: true},
		"under another name":      {dir: named(t, "pod-b", private, 3), want: "none of the 3 heads that were witnessed"},
	} {
		by := public
		if test.stranger {
			by = strangersPublic
		}
		_, _, err := Compare(t.Context(), test.dir, by, Seen{Heads: heads}, nil)
		if (test.want == "") != (err == nil) || err != nil && (!errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	foreign := heads[0]
	foreign.Origin = "assay.dev/log/0000000000000000"
	foreign.Size = 99
	if _, _, err := Compare(t.Context(), dir, public, Seen{Heads: append(heads, foreign)}, nil); err != nil {
		t.Errorf("beside the head of another log: %v", err)
	}
}

// otherwise is a log of other records.
func otherwise(t *testing.T, private []byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "log")
	log := open(t, dir, private)
	for n := range 4 {
		if _, err := log.Append(t.Context(), denial(n+1)); err != nil {
			t.Fatal(err)
		}
	}
	closed(t, log)
	return dir
}

// Each replica has its own log under the same key; none is taken for another.
func TestLogsOfOneKeyAreToldApart(t *testing.T) {
	private, public := key(t)
	a, b := named(t, "cluster-1/pod-a", private, 2), named(t, "cluster-1/pod-b", private, 2)
	seen, err := os.ReadFile(filepath.Join(a, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	if now, _, err := Read(t.Context(), a, public, seen, nil); err != nil || !strings.HasSuffix(now.Origin, "/cluster-1/pod-a") {
		t.Errorf("%v, %v", now, err)
	}
	if _, _, err := Read(t.Context(), b, public, seen, nil); !errors.Is(err, ErrBroken) {
		t.Errorf("the log of pod-b is taken for that of pod-a: %v", err)
	}
	if _, err := OpenNamed(t.Context(), b, "cluster-1/pod-a", private); !errors.Is(err, ErrBroken) {
		t.Errorf("pod-a goes on with the log of pod-b: %v", err)
	}
	for _, name := range []string{"Pod", "a b", "a\nb", "/a", "a/", "a+b", strings.Repeat("x", 201)} {
		if _, err := OpenNamed(t.Context(), t.TempDir(), name, private); err == nil || !strings.Contains(err.Error(), "no name for a log") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func FuzzAHeadHasOneText(f *testing.F) {
	f.Add("assay.dev/log/0123456789abcdef 3 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	f.Add("a 03 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	f.Fuzz(func(t *testing.T, line string) {
		if head, err := ParseHead(line); err == nil && head.Head() != line {
			t.Errorf("%q is read as %q", line, head.Head())
		}
	})
}
