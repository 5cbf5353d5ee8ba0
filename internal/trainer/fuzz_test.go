package trainer_test

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

func number(value float64) *float64 { return &value }

func everyKindOfFeature() trainer.Linear {
	return trainer.Linear{Kind: trainer.Cox, Baseline: &trainer.Baseline{Horizon: 365, Hazard: 5e-324}, Features: []*trainer.Feature{
		{Name: "age", Number: &trainer.Number{Median: 60, Mean: 61.5, SD: 9e-7, Coefficient: -1e21}, Missing: number(0.1)},
		{Name: "stage <II>", Text: &trainer.Text{Reference: "I", Levels: []trainer.Level{{Level: "II", Coefficient: 1}, {Level: "III"}}, Other: number(-2)}},
		{Name: "sex", Text: &trainer.Text{Reference: "male", Levels: []trainer.Level{}}},
	}}
}

func TestModelReadsBackAsWritten(t *testing.T) {
	written := everyKindOfFeature()
	text, err := trainer.MarshalModel(written)
	if err != nil {
		t.Fatal(err)
	}
	read, err := trainer.ParseModel(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(written, read) {
		t.Errorf("%+v reads back as %+v", written, read)
	}
}

func TestModelTextOfAnotherFormIsRefused(t *testing.T) {
	text, err := trainer.MarshalModel(everyKindOfFeature())
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	for name, bad := range map[string]string{
		"empty":            "",
		"null":             "null",
		"unknown field":    strings.Replace(good, `"kind"`, `"extra": 1, "kind"`, 1),
		"repeated field":   strings.Replace(good, `"kind": "cox",`, `"kind": "logistic", "kind": "cox",`, 1),
		"other case":       strings.Replace(good, `"kind"`, `"Kind"`, 1),
		"trailing bytes":   good + "{}",
		"sd of zero":       strings.Replace(good, `"sd": 9e-7`, `"sd": 0`, 1),
		"unsorted levels":  strings.Replace(good, `"level": "II"`, `"level": "IV"`, 1),
		"repeated feature": strings.Replace(good, `"name": "sex"`, `"name": "age"`, 1),
		"neither type":     `{"kind":"cox","intercept":0,"features":[{"name":"age"}]}`,
		"null feature":     `{"kind":"cox","intercept":0,"features":[null]}`,
		"no hazard":        strings.Replace(good, `"hazard": 5e-324`, `"hazard": 0`, 1),
		"before the start": strings.Replace(good, `"horizon": 365`, `"horizon": -365`, 1),
		"no time to event": strings.Replace(good, `"cox"`, `"logistic"`, 1),
		"unknown kind":     strings.Replace(good, `"cox"`, `"tree"`, 1),
		"too large":        good + strings.Repeat(" ", 1<<20),
	} {
		if _, err := trainer.ParseModel([]byte(bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for name, bad := range map[string]trainer.Linear{
		"infinite intercept": {Kind: trainer.Cox, Intercept: math.Inf(1), Features: everyKindOfFeature().Features},
		"no features":        {Kind: trainer.Cox},
	} {
		if _, err := trainer.MarshalModel(bad); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

// Whatever text is accepted is the one text that its model has.
func FuzzParsedModelWritesTheSameBytes(f *testing.F) {
	text, err := trainer.MarshalModel(everyKindOfFeature())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"kind":"cox","features":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		model, err := trainer.ParseModel(data)
		if err != nil {
			return
		}
		again, err := trainer.MarshalModel(model)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%q is written as %q (%v)", data, again, err)
		}
	})
}

// Whatever score file is accepted holds as many finite numbers as asked for.
func FuzzScoresAreCompleteAndFinite(f *testing.F) {
	f.Add("score\n0.1\n-2e3\n", 2)
	f.Add("score\r\n1\r\n", 1)
	f.Add("score\nNaN\n", 1)
	f.Add("score,risk\n-3,0.5\n2,1\n", 2)
	f.Fuzz(func(t *testing.T, text string, rows int) {
		said, err := trainer.ReadScores(strings.NewReader(text), rows)
		if err != nil {
			return
		}
		if len(said.Scores) != rows || len(said.Risks) != 0 && len(said.Risks) != rows {
			t.Fatalf("%d scores and %d risks for %d rows", len(said.Scores), len(said.Risks), rows)
		}
		for _, risk := range said.Risks {
			if !(risk >= 0 && risk <= 1) {
				t.Fatalf("risk %v", risk)
			}
		}
		for _, score := range said.Scores {
			if math.IsNaN(score) || math.IsInf(score, 0) {
				t.Fatalf("score %v", score)
			}
		}
	})
}
