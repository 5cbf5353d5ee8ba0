package conversation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
)

var (
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	one  = evidence.Sum([]byte("one"))
)

func kept(t testing.TB) (conversation.Verdicts, string) {
	t.Helper()
	verdicts := conversation.Verdicts(filepath.Join(t.TempDir(), "verdicts"))
	if err := verdicts.Keep(one, conversation.Judged{Report: denied(), Until: noon.Add(10 * time.Minute)}); err != nil {
		t.Fatal(err)
	}
	return verdicts, filepath.Join(string(verdicts), one.Hex())
}

func TestAVerdictIsFoundWhileItHolds(t *testing.T) {
	verdicts, _ := kept(t)
	for name, test := range map[string]struct {
		key  evidence.Digest
		now  time.Time
		want bool
	}{
		"at once":                {one, noon, true},
		"a moment before":        {one, noon.Add(10*time.Minute - 1), true},
		"too late":               {one, noon.Add(10 * time.Minute), false},
		"a clock that goes back": {one, noon.Add(-time.Second), false},
		"another content":        {evidence.Sum([]byte("two")), noon, false},
		"no key":                 {"", noon, false},
		"a path":                 {"sha256:../../../etc/passwd", noon, false},
	} {
		judged, found := verdicts.Find(test.key, test.now)
		if found != test.want || found && judged.Report.Promotions[0].Verdict.Findings[0] != denied().Promotions[0].Verdict.Findings[0] {
			t.Errorf("%s: found is %t: %+v", name, found, judged)
		}
	}
}

func TestABrokenVerdictIsNone(t *testing.T) {
	for name, spoil := range map[string]func(text string) string{
		"empty":         func(string) string { return "" },
		"half":          func(text string) string { return text[:len(text)/2] },
		"a turned word": func(text string) string { return strings.Replace(text, `"allowed":false`, `"allowed":true`, 1) },
		"a longer life": func(text string) string { return strings.Replace(text, "2026", "2096", 1) },
		"no digest":     func(text string) string { _, rest, _ := strings.Cut(text, "\n"); return rest },
		"something":     func(string) string { return "\x00\x01" },
	} {
		t.Run(name, func(t *testing.T) {
			verdicts, file := kept(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(spoil(string(text))), 0o644); err != nil {
				t.Fatal(err)
			}
			if judged, found := verdicts.Find(one, noon); found {
				t.Errorf("found %+v", judged)
			}
			if err := verdicts.Keep(one, conversation.Judged{Report: allowed(), Until: noon.Add(time.Minute)}); err != nil {
				t.Fatal(err)
			}
			if judged, found := verdicts.Find(one, noon); !found || !judged.Report.Allowed {
				t.Errorf("what was broken is not replaced: %+v", judged)
			}
		})
	}
}

func TestOnlySoManyVerdictsAreKept(t *testing.T) {
	verdicts, oldest := kept(t)
	ages := time.Unix(1, 0)
	if err := os.Chtimes(oldest, ages, ages); err != nil {
		t.Fatal(err)
	}
	for i := range 2000 {
		if err := os.WriteFile(filepath.Join(string(verdicts), fmt.Sprint(i)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	newest := evidence.Sum([]byte("newest"))
	if err := verdicts.Keep(newest, conversation.Judged{Report: allowed(), Until: noon.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(string(verdicts))
	if err != nil || len(entries) != 2000 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	if _, found := verdicts.Find(one, noon); found {
		t.Error("the oldest is still there")
	}
	if _, found := verdicts.Find(newest, noon); !found {
		t.Error("the newest is not there")
	}
}

func TestWithoutAPlaceNothingIsKept(t *testing.T) {
	var none conversation.Verdicts
	if err := none.Keep(one, conversation.Judged{Report: report.Report{}, Until: noon}); err != nil {
		t.Error(err)
	}
	if _, found := none.Find(one, noon); found {
		t.Error("found something nowhere")
	}
}

// FuzzVerdictIsWhatWasKept: no other bytes are a verdict.
func FuzzVerdictIsWhatWasKept(f *testing.F) {
	verdicts, file := kept(f)
	text, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("")
	f.Add("sha256:\n{}")
	f.Fuzz(func(t *testing.T, content string) {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		sum, rest, _ := strings.Cut(content, "\n")
		if _, found := verdicts.Find(one, noon); found && sum != string(evidence.Sum([]byte(rest))) {
			t.Errorf("found in %q", content)
		}
	})
}
