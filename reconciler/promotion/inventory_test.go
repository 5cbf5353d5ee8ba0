package promotion

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

const billText = `{"bomFormat":"CycloneDX","components":[]}`

// lister is a security gate that measures one bill of materials and lists
// another, where a story says so.
type lister struct{ measures, lists string }

func (lister) Name() string { return gates.Security }

func (l lister) Measure(context.Context, gates.Candidate) ([]evidence.Measurement, error) {
	return []evidence.Measurement{{Name: "sbom", Value: "0", Group: string(evidence.Sum([]byte(l.measures)))}}, nil
}

func (l lister) Components(_ context.Context, image string) ([]byte, error) {
	if image != imageText {
		return nil, fmt.Errorf("asked about %s", image)
	}
	return []byte(l.lists), nil
}

func TestTheBillOfMaterialsIsInTheRegistryAndNotInTheCluster(t *testing.T) {
	work, tree := newBench(), repository(nil)
	tools := work.tools(t, tree)
	tools.Gates = append(tools.Gates, lister{billText, billText})
	state := run(t, tools, request(tree, "development"))
	served, err := work.Serving(t.Context(), "development", "tumour")
	if err != nil || len(served.Envelopes) != 4 || slices.ContainsFunc(served.Envelopes, about(t, tools, evidence.ComponentsType)) {
		t.Errorf("the branch holds %d envelopes (%v)", len(served.Envelopes), err)
	}
	packed := work.registry[state.Release.Digest].envelopes
	if len(packed) != 5 || !slices.ContainsFunc(packed, about(t, tools, evidence.ComponentsType)) {
		t.Errorf("the registry holds %d envelopes", len(packed))
	}
}

// about holds for an envelope of a claim.
func about(t *testing.T, tools Tools, predicate string) func(evidence.Envelope) bool {
	return func(envelope evidence.Envelope) bool {
		read, err := tools.Trust.Verify(t.Context(), envelope)
		if err != nil {
			t.Error(err)
		}
		return read.PredicateType == predicate
	}
}

func TestABillThatWasNotMeasuredIsNotSigned(t *testing.T) {
	for claim, gate := range map[string]lister{
		"another one":    {billText, `{"bomFormat":"CycloneDX","components":[{}]}`},
		"none":           {"", billText},
		"something else": {"SPDX", "SPDX"},
	} {
		work, tree := newBench(), repository(nil)
		tools := work.tools(t, tree)
		tools.Gates = append(tools.Gates, gate)
		_, err := Run(t.Context(), tools, request(tree, "development"))
		if err == nil || !strings.Contains(err.Error(), "bill of materials") || len(work.branches["development"]) != 0 {
			t.Errorf("%s: %v", claim, err)
		}
	}
}

func TestTheEvidenceNamesBothImages(t *testing.T) {
	serving, training := "r/serving@sha256:"+strings.Repeat("1", 64), "r/training@sha256:"+strings.Repeat("2", 64)
	for claim, row := range map[string]struct {
		candidate gates.Candidate
		want      string
	}{
		"both":               {gates.Candidate{Image: serving, TrainingImage: training}, "image 1, training-image 2"},
		"one":                {gates.Candidate{Image: serving}, "image 1"},
		"none":               {gates.Candidate{}, "the serving image"},
		"a tag that trained": {gates.Candidate{Image: serving, TrainingImage: "r/training:1"}, "the training image"},
	} {
		images, err := imagesOf(row.candidate)
		var told []string
		for _, image := range images {
			told = append(told, image.Name+" "+image.Digest.Hex()[:1])
		}
		if got := strings.Join(told, ", "); err == nil && got != row.want || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %q, %v", claim, got, err)
		}
	}
}

const vexText = `{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex/1", "author": "Ada", "timestamp": "2026-11-01T00:00:00Z",
	"version": 1, "statements": [{"vulnerability": {"name": "CVE-2099-0001"}, "products": [{"@id": "pkg:oci/serving"}], "status": "fixed"}]}`

func TestTheRepositorysExploitabilityIsMeasured(t *testing.T) {
	work, tree := newBench(), repository(map[string]string{"vex/2.json": strings.Replace(vexText, "vex/1", "vex/2", 1), "vex/1.json": vexText, "vex/README.md": "ours"})
	run(t, work.tools(t, tree), request(tree, "development"))
	read := work.candidate.Exploitability
	if len(read) != 2 || string(read[0]) != vexText {
		t.Errorf("read %d documents: %s", len(read), read)
	}
	pairs, err := Affected(tree, []string{"vex/1.json"})
	if err != nil || !slices.Contains(pairs, Pair{"development", "tumour"}) {
		t.Errorf("it bears on %v (%v)", pairs, err)
	}
}

func TestExploitabilityThatCannotBeReadIsAMistakeOfTheAuthor(t *testing.T) {
	tree := repository(map[string]string{"vex/1.json": strings.Replace(vexText, "fixed", "not_affected", 1)})
	if err := Validate(tree); err == nil || !strings.Contains(err.Error(), "vex/1.json: statements[0]: not_affected") {
		t.Errorf("got %v", err)
	}
	flood := map[string]string{}
	for i := range maxExploitability + 1 {
		flood[fmt.Sprintf("vex/%d.json", i)] = vexText
	}
	if _, err := exploitability(repository(flood)); err == nil || !strings.Contains(err.Error(), "more than 64") {
		t.Errorf("got %v", err)
	}
	work := newBench()
	if _, err := Run(t.Context(), work.tools(t, tree), request(tree, "development")); err == nil || !strings.Contains(err.Error(), "vex/1.json") {
		t.Errorf("got %v", err)
	}
}
