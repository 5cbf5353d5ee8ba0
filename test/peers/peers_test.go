package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestValuesAreComparedOneByOne(t *testing.T) {
	for name, test := range map[string]struct {
		ours, theirs, agree []float64
		want                string
	}{
		"equal":            {[]float64{1, 2}, []float64{1, 2}, []float64{0, 0}, ""},
		"close":            {[]float64{1, 2}, []float64{1, 2.05}, []float64{0, .1}, ""},
		"we have more":     {[]float64{1, 2}, []float64{1}, []float64{0}, ""},
		"far":              {[]float64{1, 2}, []float64{1, 2.5}, []float64{0, .1}, "value 2: ours 2, theirs 2.5"},
		"no number":        {[]float64{1}, []float64{math.NaN()}, []float64{1}, "value 1: ours 1, theirs NaN"},
		"one is not there": {[]float64{1, 2}, []float64{1}, []float64{0, 0}, "1 values, and we have 2"},
	} {
		if got := apart(test.ours, test.theirs, test.agree); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestARatioIsTheMedianOfRounds(t *testing.T) {
	held := result{ours: []float64{1, 2, 1}, theirs: []float64{3, 4, 30}}
	row := held.row(contest{what: "work", peer: "peer", agree: []float64{1e-6, 1e-12}})
	if row != "| work | peer | 1 | 4 | 3.0 | 2.0 to 30.0 | agree to 1e-06 |" {
		t.Errorf("got %s", row)
	}
	if !math.IsNaN(median(nil)) || median([]float64{4, 1, 3, 2}) != 2.5 {
		t.Error("the median is wrong")
	}
}

// Who has no peer is told so, and is not told a ratio.
func TestAPeerThatIsNotThereIsSaidToBeNotThere(t *testing.T) {
	var progress bytes.Buffer
	absent := invite(t.Context(), "python", func() ([]string, error) { return []string{filepath.Join(t.TempDir(), "python3")}, nil }, t.TempDir(), &progress)
	defer absent.leave()
	one := contests[0]
	row := one.hold(data{}, absent, 5).row(one)
	if !strings.Contains(row, "not measured: ") || !strings.Contains(row, "no such file") {
		t.Errorf("got %s", row)
	}
	t.Setenv("PATH", "")
	for _, prepare := range []func() ([]string, error){rscript, func() ([]string, error) { return settings{folder: t.TempDir()}.prepare(t.Context(), &progress) }} {
		if command, err := prepare(); err == nil || !strings.HasSuffix(err.Error(), " is not installed") {
			t.Errorf("got %v, %v", command, err)
		}
	}
}

// A peer is any program that keeps the protocol.
func TestAnAnswerIsALineOfJSON(t *testing.T) {
	shell := func(script string) *peer {
		var progress bytes.Buffer
		path := filepath.Join(t.TempDir(), "peer.sh")
		if err := os.WriteFile(path, []byte("while read name; do "+script+"; done"), 0o600); err != nil {
			t.Fatal(err)
		}
		invited := invite(t.Context(), "R", func() ([]string, error) { return []string{"sh", path}, nil }, t.TempDir(), &progress)
		t.Cleanup(invited.leave)
		return invited
	}
	one := contest{what: "work", peer: "peer", ask: "sum", agree: []float64{same}, ours: func(data) ([]float64, error) { return []float64{2}, nil }}
	for script, want := range map[string]string{
		`echo '{"seconds": 0.5, "values": [2]}'`:       "agree to 1e-12",
		`echo '{"seconds": 0.5, "values": [3]}'`:       "**DIFFER**: value 1",
		`echo '{"missing": "lifelines is not there"}'`: "not measured: lifelines is not there",
		`echo $name`: "not measured: sum: invalid character",
		`exit 0`:     "not measured: sum: the program ended",
	} {
		if row := one.hold(data{}, shell(script), 2).row(one); !strings.Contains(row, want) {
			t.Errorf("%s: got %s", script, row)
		}
	}
}
