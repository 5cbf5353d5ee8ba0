package evidence_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func glass() evidence.Glass {
	return evidence.Glass{
		Environment: "staging", Namespace: "models-staging", Reason: "the registry burns", Ticket: "INC-7",
		Issued: "2026-11-23T08:00:00Z", Expires: "2026-11-23T12:00:00Z",
	}
}

func TestABreakGlassSaysWhereAndUntilWhen(t *testing.T) {
	signer, trust := keys(t)
	trust[0].Predicates = []string{evidence.GlassType}
	read, err := trust.Verify(t.Context(), sign(t, signer, evidence.Broken(subject, glass())))
	if err != nil || *read.Glass != glass() || read.By != signed().By || read.Waiver != nil {
		t.Errorf("read %+v, %v", read, err)
	}
	issued, expires, err := read.Glass.Span()
	if err != nil || expires.Sub(issued).Hours() != 4 {
		t.Errorf("it lasts from %s to %s, %v", issued, expires, err)
	}
	trust[0].Predicates = []string{evidence.WaiverType}
	if _, err := trust.Verify(t.Context(), sign(t, signer, evidence.Broken(subject, glass()))); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("by somebody who may waive: %v", err)
	}
	for name, spoil := range map[string]func(*evidence.Glass){
		"no environment": func(g *evidence.Glass) { g.Environment = "" }, "no namespace": func(g *evidence.Glass) { g.Namespace = "" },
		"no reason": func(g *evidence.Glass) { g.Reason = "" }, "no ticket": func(g *evidence.Glass) { g.Ticket = "" },
		"no end": func(g *evidence.Glass) { g.Expires = "" }, "a date": func(g *evidence.Glass) { g.Issued = "2026-11-23" },
		"an essay": func(g *evidence.Glass) { g.Reason = strings.Repeat("x", 513) },
	} {
		spoilt := glass()
		spoil(&spoilt)
		if _, err := signer.Sign(t.Context(), evidence.Broken(subject, spoilt)); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

func TestABreakGlassKeepsItsSchema(t *testing.T) {
	schema := schemaOf(t, "breakglass.v1alpha1", evidence.GlassType)
	encoded, err := evidence.Broken(subject, glass()).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for from, story := range map[string]struct {
		to    string
		valid bool
	}{
		"":                          {"", true},
		`"ticket":"INC-7"`:          {`"ticket":""`, false},
		`"environment":"staging"`:   {`"environment":""`, false},
		`"reason"`:                  {`"cause"`, false},
		`"namespace":`:              {`"control":"x","namespace":`, false},
		`"the registry burns"`:      {`"` + strings.Repeat("x", 513) + `"`, false},
		`"2026-11-23T12:00:00Z"`:    {`20261123`, false},
		`"Ticket":"something else"`: {"", true}, // is not there
	} {
		changed := strings.Replace(predicateOf(t, encoded), from, story.to, min(1, len(from)))
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(changed))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != story.valid {
			t.Errorf("%s: the schema says %v", changed, err)
		}
		if _, accepted := believed(t, strings.Replace(string(encoded), predicateOf(t, encoded), changed, 1)); accepted != story.valid {
			t.Errorf("%s: the reader takes it: %v", changed, accepted)
		}
	}
}

// FuzzABreakGlassNamesItsPlaceAndItsEnd: whoever signs it, a break-glass is
// refused, or says where it counts, why, and from when until when.
func FuzzABreakGlassNamesItsPlaceAndItsEnd(f *testing.F) {
	good := glass()
	f.Add(good.Environment, good.Namespace, good.Reason, good.Ticket, good.Issued, good.Expires)
	f.Add("", "", "", "", "", "")
	f.Add(good.Environment, "n\x00", "r", "t", "2026-11-01", "9999-99-99T99:99:99Z")
	f.Fuzz(func(t *testing.T, environment, namespace, reason, ticket, issued, expires string) {
		said := evidence.Glass{Environment: environment, Namespace: namespace, Reason: reason, Ticket: ticket, Issued: issued, Expires: expires}
		payload, err := evidence.Broken(subject, said).Encode()
		if err != nil || !utf8.ValidString(environment+namespace+reason+ticket) {
			return // JSON writes other text for what is none
		}
		read, accepted := believed(t, string(payload))
		if !accepted {
			t.Fatalf("%s was written and cannot be read", payload)
		}
		if _, _, err := read.Glass.Span(); err != nil || *read.Glass != said || environment == "" || namespace == "" || reason == "" || ticket == "" {
			t.Errorf("%+v was read as %+v (%v)", said, read.Glass, err)
		}
	})
}
