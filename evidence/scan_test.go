package evidence_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func scan() evidence.Scan {
	return evidence.Scan{
		Tool: "semgrep", Version: "1.95.0", Commit: strings.Repeat("0a", 20), Finished: "2026-11-23T06:00:00Z",
		Rules: 120, Errors: 1, Warnings: 2, Suppressed: 3,
		Results: []evidence.ScanResult{
			{Rule: "python.lang.security.shell", Level: "error", Path: "trainers/train.py", Line: 12},
			{Rule: "python.lang.best-practice", Level: "warning", Path: "trainers/train.py", Line: 0},
		},
	}
}

func TestAScanIsReadAsItWasStated(t *testing.T) {
	signer, trust := keys(t)
	trust[0].Predicates = []string{evidence.ScanType}
	read, err := trust.Verify(t.Context(), sign(t, signer, evidence.Scanned(subject, scan())))
	if err != nil || !reflect.DeepEqual(*read.Scan, scan()) || read.Subject != subject {
		t.Errorf("read %+v, %v", read, err)
	}
	if at, err := read.Scan.FinishedAt(); err != nil || at.Hour() != 6 {
		t.Errorf("finished %s, %v", at, err)
	}
}

// What the reader refuses of a scan, the writer refuses too, and the schema says
// so wherever a schema can.
func TestScansKeepTheirSchema(t *testing.T) {
	schema := schemaOf(t, "scan.v1alpha1", evidence.ScanType)
	encoded, err := evidence.Scanned(subject, scan()).Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := predicateOf(t, encoded)
	long := strings.Repeat("x", 513)
	for name, story := range map[string]struct {
		from, to      string
		valid, silent bool // silent: what no schema can say
	}{
		"as it was written":         {"", "", true, false},
		"no version":                {`"1.95.0"`, `""`, true, false},
		"a tool in capitals":        {`"semgrep"`, `"Semgrep"`, false, false},
		"a branch for a commit":     {strings.Repeat("0a", 20), "main", false, false},
		"another field":             {`"rules":120`, `"rules":120,"weight":1`, false, false},
		"a negative count":          {`"errors":1`, `"errors":-1`, false, false},
		"a level of its own":        {`"level":"error"`, `"level":"fatal"`, false, false},
		"a line before the first":   {`"line":12`, `"line":-1`, false, false},
		"a long path":               {`"trainers/train.py"`, `"` + long + `"`, false, false},
		"a long rule":               {`"python.lang.security.shell"`, `"` + long + `"`, false, false},
		"a long version":            {`"1.95.0"`, `"` + long + `"`, false, false},
		"not a time":                {`"2026-11-23T06:00:00Z"`, `"yesterday"`, false, true},
		"an error listed, none had": {`"errors":1`, `"errors":0`, false, true},
	} {
		changed := strings.Replace(text, story.from, story.to, 1)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(changed))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != (story.valid || story.silent) {
			t.Errorf("%s: the schema says %v", name, err)
		}
		signed, err := evidence.SignPayload(strings.Replace(string(encoded), text, changed, 1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (evidence.Trust{signed.Key}).Verify(t.Context(), signed.Envelope); (err == nil) != story.valid {
			t.Errorf("%s: the reader says %v", name, err)
		}
	}
	for name, spoil := range map[string]func(*evidence.Scan){
		"more than are listed": func(s *evidence.Scan) {
			s.Errors = 1000
			s.Results = make([]evidence.ScanResult, evidence.MaxScanResults+1)
		},
		"no time":     func(s *evidence.Scan) { s.Finished = "0001-01-01T00:00:00Z" },
		"no commit":   func(s *evidence.Scan) { s.Commit = "" },
		"no tool":     func(s *evidence.Scan) { s.Tool = "" },
		"fewer rules": func(s *evidence.Scan) { s.Rules = -1 },
	} {
		spoilt := scan()
		spoil(&spoilt)
		if _, err := evidence.Scanned(subject, spoilt).Encode(); err == nil {
			t.Errorf("%s: it was stated", name)
		}
	}
}
