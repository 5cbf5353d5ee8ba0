package evidence_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// What is published about the predicate is what Encode writes and Verify
// reads: a text that one of them refuses, the schema refuses too.
func TestStatementsKeepTheirSchema(t *testing.T) {
	schema := schemaOf(t, "measurements.v1alpha1", evidence.MeasurementsType)
	encoded, err := statement().Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := predicateOf(t, encoded)
	for name, story := range map[string]struct {
		from, to string
		valid    bool
	}{
		"as it was written":   {"", "", true},
		"not measured":        {`"value":"0.98"`, `"value":""`, true},
		"another field":       {`"n":285`, `"n":285,"weight":1`, false},
		"a float":             {`"0.98"`, `0.98`, false},
		"an exponent":         {`"0.98"`, `"1e3"`, false},
		"minus zero":          {`"0.98"`, `"-0"`, false},
		"a negative n":        {`"n":285`, `"n":-1`, false},
		"no name":             {`"name":"auroc"`, `"name":""`, false},
		"a long method":       {`"delong"`, `"` + strings.Repeat("x", 513) + `"`, false},
		"no environment":      {`"environment":"development"`, `"environment":""`, false},
		"a gate without name": {`"gate":"performance"`, `"gate":""`, false},
	} {
		changed := strings.Replace(text, story.from, story.to, 1)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(changed))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != story.valid {
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
}

func TestWaiversKeepTheirSchema(t *testing.T) {
	schema := schemaOf(t, "waiver.v1alpha1", evidence.WaiverType)
	encoded, err := evidence.Waived(subject, waiver()).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for from, valid := range map[string]bool{"": true, `"rule":"model.bias.equal_opportunity"`: false, `"control":"a second reader"`: false} {
		key, _, _ := strings.Cut(from, ":")
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(predicateOf(t, encoded), from, key+`:""`, min(1, len(from)))))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != valid {
			t.Errorf("%s emptied: %v", key, err)
		}
	}
}

func schemaOf(t *testing.T, file, id string) *jsonschema.Schema {
	t.Helper()
	content, err := os.ReadFile("../docs/schemas/" + file + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(id, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func predicateOf(t *testing.T, encoded []byte) string {
	t.Helper()
	var form struct {
		Predicate json.RawMessage `json:"predicate"`
	}
	if err := json.Unmarshal(encoded, &form); err != nil {
		t.Fatal(err)
	}
	return string(form.Predicate)
}
