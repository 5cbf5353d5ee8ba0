package promotion

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// bench holds the smallest tools that keep the promises of Tools, in memory,
// and breaks each where a story asks for it.
type bench struct {
	registry map[evidence.Digest]stored
	branches map[string][]Served // environment to what it has held, newest last
	deny     map[string]gates.Finding
	scores   []float64

	trained   int
	candidate gates.Candidate // the last one that was measured
	measured  map[string]int
	events    []string
	kept      []Decision
	messages  []string // of deliveries
	questions []judge.Question
	broken    map[string]error // by verb
}

type stored struct {
	files     map[string][]byte
	envelopes []evidence.Envelope
}

func newBench() *bench {
	return &bench{
		registry: map[evidence.Digest]stored{}, branches: map[string][]Served{}, deny: map[string]gates.Finding{},
		scores: []float64{0.2, 0.8}, measured: map[string]int{}, broken: map[string]error{},
	}
}

// tools puts the bench behind every interface, with a real key.
func (b *bench) tools(t *testing.T, tree fs.FS) Tools {
	t.Helper()
	platform, err := ReadPlatform(tree)
	if err != nil {
		t.Fatal(err)
	}
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	trust := evidence.Trust{{Name: "reconciler", Key: signer.Public(), Predicates: evidence.PredicateTypes()}}
	return Tools{
		Rows: b, Trainer: b, Gates: []gates.Gate{gate{b, gates.Performance}, gate{b, gates.Bias}}, Signer: signer, Trust: trust,
		Packer: b, Judge: b, Log: b, Renderer: b, Deliverer: b, Ledger: Ledger(t.TempDir()), Platform: platform, Builder: "https://example.org/builder",
		Watch: func(_ context.Context, event Event) {
			b.events = append(b.events, fmt.Sprint(event.Phase, " ", event.Done, " ", event.Err != nil))
		},
	}
}

func (b *bench) Split(_ context.Context, data string, dataset v1alpha1.DatasetSpec, train, holdout string) error {
	text, err := os.ReadFile(data)
	if err != nil {
		return err
	}
	return errors.Join(b.broken["split"], os.WriteFile(train, text, 0o600), os.WriteFile(holdout, text, 0o600))
}

func (b *bench) Blind(_ context.Context, holdout string, _ Recipe, blind string) error {
	return os.CopyFS(filepath.Dir(blind), fstest.MapFS{filepath.Base(blind): {Data: []byte("no outcome in " + holdout)}})
}

// Origin finds the row of the bench's data file that has the mark.
func (b *bench) Origin(_ context.Context, data string, _ v1alpha1.DatasetSpec, mark string, row int) (int, error) {
	text, err := os.ReadFile(data)
	if err != nil {
		return 0, err
	}
	for at, line := range strings.Split(string(text), "\n") {
		if strings.HasSuffix(line, ","+mark) {
			if row--; row == 0 {
				return at, nil
			}
		}
	}
	return 0, errors.New("no such row")
}

func (b *bench) Train(_ context.Context, recipe Recipe, _, into string) error {
	b.trained++
	return errors.Join(b.broken["train"], os.WriteFile(filepath.Join(into, "model.json"), []byte(strings.Join(recipe.Features, ",")), 0o600))
}

func (b *bench) Predict(context.Context, Recipe, string, string) (Prediction, error) {
	return Prediction{Scores: b.scores, Risks: b.scores}, b.broken["predict"]
}

// Program is the same for every recipe.
func (b *bench) Program(Recipe) (evidence.Digest, error) {
	return evidence.Sum([]byte("program")), b.broken["program"]
}

// Load answers requests by what stands in the release's own files.
func (b *bench) Load(_ context.Context, recipe Recipe, model string) (gates.Session, error) {
	text, err := os.ReadFile(filepath.Join(model, "model.json"))
	return answering{recipe.Name + " " + string(text)}, errors.Join(err, b.broken["load"])
}

type answering struct{ loaded string }

func (a answering) Predict(context.Context, map[string]string) (float64, error) {
	return float64(len(a.loaded)), nil
}

func (a answering) Close() error { return nil }

func (b *bench) Identify(name string, files fs.FS) (evidence.Subject, error) {
	read := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			read[path], err = fs.ReadFile(files, path)
		}
		return err
	})
	digest, failed := digestOf(name, read)
	return evidence.Subject{Name: name, Digest: digest}, errors.Join(err, failed)
}

func (b *bench) Pack(_ context.Context, _, name string, files fs.FS, envelopes []evidence.Envelope) error {
	subject, err := b.Identify(name, files)
	if err := errors.Join(err, b.broken["pack"]); err != nil {
		return err
	}
	kept := stored{map[string][]byte{}, envelopes}
	for _, file := range []string{"model.json", recipeFile} {
		if kept.files[file], err = fs.ReadFile(files, file); err != nil {
			return err
		}
	}
	b.registry[subject.Digest] = kept
	return nil
}

func (b *bench) Pull(_ context.Context, _ string, release evidence.Subject, into string) error {
	kept, there := b.registry[release.Digest]
	if !there {
		return fmt.Errorf("the registry has no %s", release)
	}
	for name, content := range kept.files {
		if err := os.WriteFile(filepath.Join(into, name), content, 0o600); err != nil {
			return err
		}
	}
	return b.broken["pull"]
}

func (b *bench) List(_ context.Context, _ string, release evidence.Subject) ([]evidence.Envelope, error) {
	return b.registry[release.Digest].envelopes, b.broken["list"]
}

// Judge evaluates one rule, which denies in the environments that a story says.
func (b *bench) Judge(_ context.Context, question judge.Question) (gates.Verdict, error) {
	b.questions = append(b.questions, question)
	verdict := gates.Verdict{Environment: question.Environment, Evaluated: []string{"a.rule"}, Policy: "sha256:policy"}
	if finding, denies := b.deny[question.Environment]; denies && question.Model != nil {
		verdict.Findings = []gates.Finding{finding}
	}
	return verdict, b.broken["judge"]
}

// Keep keeps every decision, also one that was kept before.
func (b *bench) Keep(_ context.Context, decision Decision) (Kept, error) {
	b.kept = append(b.kept, decision)
	digest, err := digestOf(decision.Release, decision.Verdict)
	return Kept{digest, fmt.Sprintf("a.log %d root", len(b.kept))}, errors.Join(err, b.broken["log"])
}

// Render writes the rendering itself, so that the branch can be read back.
func (b *bench) Render(_ context.Context, rendering Rendering) (map[string][]byte, error) {
	text, err := json.Marshal(Served{rendering.Release, rendering.Envelopes})
	return map[string][]byte{rendering.Model + "/release.json": text}, errors.Join(err, b.broken["render"])
}

func (b *bench) Serving(_ context.Context, environment, model string) (Served, error) {
	for _, served := range slices.Backward(b.branches[environment]) {
		if served.Release.Name == model {
			return served, nil
		}
	}
	return Served{}, b.broken["serving"]
}

func (b *bench) Recall(_ context.Context, environment string, release evidence.Subject) (Served, error) {
	for _, served := range slices.Backward(b.branches[environment]) {
		if served.Release == release {
			return served, nil
		}
	}
	return Served{}, b.broken["recall"]
}

func (b *bench) Withdraw(context.Context, string, []string) error { return b.broken["withdraw"] }

func (b *bench) Deliver(_ context.Context, delivery Delivery) (string, error) {
	b.messages = append(b.messages, delivery.Message)
	if err := b.broken["deliver"]; err != nil {
		return "", err
	}
	for _, model := range delivery.Models {
		var served Served
		if err := json.Unmarshal(delivery.Files[model+"/release.json"], &served); err != nil {
			return "", err
		}
		b.branches[delivery.Environment] = append(b.branches[delivery.Environment], served)
	}
	return fmt.Sprint("commit ", len(b.branches[delivery.Environment])), nil
}

// gate measures nothing but that it was asked.
type gate struct {
	bench *bench
	name  string
}

func (g gate) Name() string { return g.name }

func (g gate) Measure(_ context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	if g.name == gates.Performance {
		g.bench.measured[candidate.Environment]++ // gates run side by side: only this one counts
		g.bench.candidate = candidate
	}
	return []evidence.Measurement{{Name: "rows", Value: evidence.Count(len(candidate.Scores))}}, g.bench.broken[g.name]
}

const (
	rowsText  = "patient_id,marker,died,part\np1,1,0,train\np2,2,1,holdout\n"
	imageText = "registry.example.org/serving@sha256:1111111111111111111111111111111111111111111111111111111111111111"
)

// repository is a small promotion repository with one model in two
// environments; changes replace files, or take them away when empty.
func repository(changes map[string]string) fstest.MapFS {
	header := func(kind, name string) string {
		return "apiVersion: assay.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n"
	}
	files := map[string]string{
		"assay.yaml": header("Platform", "demo") + "  registry: registry.example.org/assay\n  environments: [development, staging]\n",
		"environments/development/environment.yaml": header("Environment", "development") + "  profile: development\n  namespace: models-development\n",
		"environments/development/tumour.yaml":      header("Promotion", "tumour") + "  model: tumour\n",
		"environments/staging/environment.yaml":     header("Environment", "staging") + "  after: development\n  profile: staging\n  namespace: models-staging\n",
		"models/tumour/model.yaml": header("Model", "tumour") + "  task: binary\n  purpose: detection\n  riskClass: low\n  dataset: ward\n  features: [marker]\n" +
			"  decisionThreshold: 0.5\n  trainer: {kind: logistic, seed: 18446744073709551615, penalty: 0.1}\n  serving: {image: \"" + imageText + "\"}\n",
		"models/tumour/card.yaml": header("ModelCard", "tumour") + "  summary: a card\n",
		"datasets/ward/dataset.yaml": header("Dataset", "ward") + "  source: data.csv\n  digest: " + string(evidence.Sum([]byte(rowsText))) +
			"\n  columns: [{name: patient_id, type: text}, {name: marker, type: number, min: 0}, {name: died, type: integer}, {name: part, type: text}]\n" +
			"  key: patient_id\n  label: died\n  split: {column: part, train: train, holdout: holdout}\n",
		"datasets/ward/data.csv": rowsText,
	}
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range changes {
		if delete(tree, name); text != "" {
			tree[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return tree
}

func pinned(digest evidence.Digest) string {
	return "apiVersion: assay.dev/v1alpha1\nkind: Promotion\nmetadata: {name: tumour}\nspec: {model: tumour, release: \"" + string(digest) + "\"}\n"
}

func request(tree fs.FS, environment string) Request {
	return Request{Tree: tree, Environment: environment, Model: "tumour", Time: time.Unix(1_800_000_000, 0).UTC(),
		Commit: gates.Commit{Hash: "c0ffee", Author: "emil@example.org", Time: time.Unix(1_700_000_000, 0)}}
}

// run takes the promotion through the phases without an error.
func run(t *testing.T, tools Tools, request Request) *State {
	t.Helper()
	state, err := Run(t.Context(), tools, request)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func replace(t *testing.T, tree fstest.MapFS, name, before, after string) string {
	t.Helper()
	if !bytes.Contains(tree[name].Data, []byte(before)) {
		t.Fatalf("%s does not hold %q", name, before)
	}
	return strings.Replace(string(tree[name].Data), before, after, 1)
}
