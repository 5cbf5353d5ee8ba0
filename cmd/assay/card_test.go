package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
)

// shelf is a registry with one release of the catalogue's breast-malignancy and
// its evidence, and the repository that it was made from.
type shelf struct {
	repository, release string
	place               *oci.Registry
	subject             evidence.Subject
	signer              evidence.KeySigner
}

func newShelf(t *testing.T) shelf {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	made := shelf{repository: filepath.Join(t.TempDir(), "promotions")}
	artifact, err := oci.Build(oci.Files{"model.json": []byte(`{"intercept":-1.5}`)}, oci.Meta{Name: "breast-malignancy"})
	must(t, err)
	made.subject = artifact.Subject()
	prefix := server.Listener.Addr().String() + "/clinic"
	made.release = fmt.Sprintf("%s/models/%s@%s", prefix, made.subject.Name, made.subject.Digest)
	made.place, err = oci.Open(prefix)
	must(t, err)
	private, public, err := evidence.GenerateKey()
	must(t, err)
	made.signer, err = evidence.NewSigner(private)
	must(t, err)
	must(t, os.CopyFS(made.repository, catalog.FS))
	platform := filepath.Join(made.repository, "assay.yaml")
	trusted := fmt.Sprintf("signers: [{name: reconciler, predicates: [%q], publicKey: %q}]", evidence.MeasurementsType, public)
	must(t, os.WriteFile(platform, []byte(strings.Replace(readFile(t, platform), "signers: []", trusted, 1)), 0o600))
	var envelopes []evidence.Envelope
	for _, measured := range made.measured(t) {
		envelopes = append(envelopes, made.sign(t, measured))
	}
	must(t, made.place.Push(t.Context(), artifact, envelopes))
	return made
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s shelf) sign(t *testing.T, measured evidence.Measurements) evidence.Envelope {
	t.Helper()
	envelope, err := s.signer.Sign(t.Context(), evidence.Measured(s.subject, measured))
	must(t, err)
	return envelope
}

func (s shelf) card() string {
	return filepath.Join(s.repository, "models", "breast-malignancy", "card.yaml")
}

// measured is what the card points to, and the digest of the card.
func (s shelf) measured(t *testing.T) []evidence.Measurements {
	t.Helper()
	var card v1alpha1.ModelCard
	must(t, v1alpha1.Decode("card.yaml", []byte(readFile(t, s.card())), &card))
	text, err := json.Marshal([]any{card.Spec})
	must(t, err)
	facts := evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"}
	numbers := func(names ...string) (found []evidence.Measurement) {
		for _, name := range names {
			found = append(found, evidence.Measurement{Name: name, Value: "0.75", Low: "0.7", High: "0.8", N: 284})
		}
		return found
	}
	return []evidence.Measurements{
		{Gate: "performance", Environment: "staging", Model: facts, Inputs: []evidence.Subject{}, Measurements: numbers("auroc", "net_benefit_gain", "sensitivity",
			"specificity", "calibration_slope", "garbage_input_answered", "events", "non_events")},
		{Gate: "bias", Environment: "staging", Model: facts, Inputs: []evidence.Subject{}, Measurements: numbers("group_columns")},
		{Gate: "compliance", Environment: "staging", Model: facts, Measurements: numbers("card_pointers"),
			Inputs: []evidence.Subject{{Name: "card", Digest: evidence.Sum(text)}}},
	}
}

func (s shelf) ask(t *testing.T, more ...string) (code int, stdout, stderr string) {
	t.Helper()
	return assay(t, append([]string{"card", s.release, "--repository", s.repository}, more...)...)
}

func TestACardOfAReleaseHoldsItsEvidence(t *testing.T) {
	shelf := newShelf(t)
	code, stdout, stderr := shelf.ask(t, "--environment", "staging", "-o", "hti1")
	if code != allowed || !strings.Contains(stdout, "AUROC in the holdout: 0.75 (95% interval 0.7 to 0.8), n = 284") {
		t.Errorf("%d, %s%s", code, stdout, stderr)
	}
	file := filepath.Join(t.TempDir(), "card.xml")
	code, stdout, stderr = shelf.ask(t, "--environment", "staging", "--file", file, "--model", "breast-malignancy")
	if code != allowed || stdout != "" || !strings.Contains(readFile(t, file), string(shelf.subject.Digest)) {
		t.Errorf("%d, %s%s", code, stdout, stderr)
	}
}

func TestACardIsRefusedWhereItsNumbersAreNotBelieved(t *testing.T) {
	shelf := newShelf(t)
	for name, test := range map[string]struct {
		arguments []string
		want      string
	}{
		"another environment": {nil, `no evidence of the release for environment "development"`},
		"another model":       {[]string{"--model", "lung-survival"}, "--model lung-survival: the release is of breast-malignancy"},
		"a remote repository": {[]string{"--repository", "https://git.example.org/x"}, "this command works on a directory"},
		"nobody to trust":     {[]string{"--trust", "/nowhere"}, "reading whom to trust"},
		"no such form":        {[]string{"-o", "pdf"}, `-o "pdf" is none of chai, hti1, tripod, json`},
	} {
		if code, stdout, stderr := shelf.ask(t, test.arguments...); code != couldNotJudge || stdout != "" || !strings.Contains(stderr, test.want) {
			t.Errorf("%s: %d, %s%s", name, code, stdout, stderr)
		}
	}
	written := readFile(t, shelf.card())
	must(t, os.WriteFile(shelf.card(), []byte(strings.Replace(written, "decisionRole: informs", "decisionRole: replaces", 1)), 0o600))
	if code, _, stderr := shelf.ask(t, "--environment", "staging"); code != couldNotJudge || !strings.Contains(stderr, "is not the one that was measured") {
		t.Errorf("another card: %d, %s", code, stderr)
	}
}

// Evidence that nobody trusted has signed denies, although the rest is believed.
func TestACardOfForgedEvidenceIsDenied(t *testing.T) {
	shelf := newShelf(t)
	forger, _, err := evidence.GenerateKey()
	must(t, err)
	forged := shelf
	forged.signer, err = evidence.NewSigner(forger)
	must(t, err)
	better := shelf.measured(t)[0]
	better.Measurements[0].Value = "0.99"
	must(t, shelf.place.Attach(t.Context(), shelf.subject, []evidence.Envelope{forged.sign(t, better)}))
	if code, stdout, stderr := shelf.ask(t, "--environment", "staging"); code != denied || stdout != "" || !strings.Contains(stderr, "assay: REFUSED: ") {
		t.Errorf("%d, %s%s", code, stdout, stderr)
	}
}

func TestShellsCompleteModelsAndEnvironments(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "promotions")
	must(t, os.CopyFS(dir, catalog.FS))
	for flag, want := range map[string]string{"--model": "lung-survival", "--environment": "staging", "-o": "tripod"} {
		code, stdout, stderr := assay(t, "__complete", "card", "--repository", dir, flag, "")
		if code != allowed || !strings.Contains(stdout, want) {
			t.Errorf("%s: %d, %s%s", flag, code, stdout, stderr)
		}
	}
}
