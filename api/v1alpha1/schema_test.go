package v1alpha1_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// What an editor accepts by the schema and what Decode reads is the same form; of
// what stands in a text, Decode knows more.
func TestTheSchemaOfAFreezeIsItsForm(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/schemas/freeze.v1alpha1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		old, new string
		valid    bool
	}{
		"a schedule":                {"", "", true},
		"a window":                  {"  schedule: 0 18 * * fri\n  duration: 60h\n  zone: Europe/Paris", "  from: \"2026-12-24T12:00:00Z\"\n  until: \"2026-12-25T12:00:00Z\"", true},
		"a kill switch":             {"  schedule: 0 18 * * fri\n  duration: 60h\n  zone: Europe/Paris", "", true},
		"in UTC":                    {"  zone: Europe/Paris", "", true},
		"everywhere":                {"[staging, production]", "[]", true},
		"a label":                   {"name: weekends", "name: weekends\n  labels: {ward: \"7\"}", true},
		"a schedule without an end": {"  duration: 60h\n", "", false},
		"a zone alone":              {"  schedule: 0 18 * * fri\n  duration: 60h\n", "", false},
		"a window without an end":   {"  schedule: 0 18 * * fri\n  duration: 60h\n  zone: Europe/Paris", "  from: \"2026-12-24T12:00:00Z\"", false},
		"both":                      {"  zone: Europe/Paris", "  from: \"2026-12-24T12:00:00Z\"\n  until: \"2026-12-25T12:00:00Z\"", false},
		"four fields":               {"0 18 * * fri", "0 18 * *", false},
		"no reason":                 {"nobody is there to look at it", "\" \"", false},
		"a field that is none":      {"  zone:", "  timezone:", false},
		"another kind":              {"kind: Freeze", "kind: Quarantine", false},
		"another version":           {"v1alpha1", "v2", false},
		"no name":                   {"name: weekends", "name: Week Ends", false},
		"no environment":            {"production]", "../production]", false},
		"a list for a text":         {"duration: 60h", "duration: [60h]", false},
	} {
		text := strings.Replace(freeze, test.old, test.new, 1)
		if err := schema.Validate(asJSON(t, text)); (err == nil) != test.valid {
			t.Errorf("%s: the schema says %v", name, err)
		}
		if err := v1alpha1.Decode("f.yaml", []byte(text), &v1alpha1.Freeze{}); (err == nil) != test.valid {
			t.Errorf("%s: Decode says %v", name, err)
		}
	}
}

// asJSON is what an editor hands to a schema.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var content any
	if err := yaml.Unmarshal([]byte(text), &content); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(encoded)))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
