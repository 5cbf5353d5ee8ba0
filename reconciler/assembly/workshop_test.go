package assembly

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// counted is a registry that refuses everything, and counts who asks.
func counted(t *testing.T) (registry string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://") + "/assay", asked
}

var modelFiles = fstest.MapFS{"model.json": {Data: []byte("{}")}, "recipe.json": {Data: []byte("{}")}}

func TestARehearsalPushesNothing(t *testing.T) {
	registry, asked := counted(t)
	if err := (rehearsal{}).Pack(t.Context(), registry, "tumour", modelFiles, nil); err != nil || asked.Load() != 0 {
		t.Errorf("asked the registry %d times, %v", asked.Load(), err)
	}
	if err := (packer{}).Pack(t.Context(), registry, "tumour", modelFiles, nil); err == nil || asked.Load() == 0 {
		t.Errorf("the packer asked %d times, %v", asked.Load(), err)
	}
	rehearsed, err := (rehearsal{}).Identify("tumour", modelFiles)
	packed, failed := (packer{}).Identify("tumour", modelFiles)
	if err != nil || failed != nil || rehearsed != packed {
		t.Errorf("a rehearsal names %s, the packer %s (%v, %v)", rehearsed, packed, err, failed)
	}
}

func TestNoReleaseHasAHostileName(t *testing.T) {
	registry, _ := counted(t)
	digest := evidence.Sum(nil)
	for _, name := range []string{"..", ".", "", "a/../../b", "a b", "A", "a:b", "a@b", "\x00", strings.Repeat("a", 300)} {
		into := t.TempDir()
		if err := (packer{}).Pull(t.Context(), registry, evidence.Subject{Name: name, Digest: digest}, into); err == nil {
			t.Errorf("%q was pulled", name)
		}
		if left, err := os.ReadDir(into); err != nil || len(left) != 0 {
			t.Errorf("%q left %v, %v", name, left, err)
		}
		rendering := promotion.Rendering{Model: name, Registry: registry, Release: evidence.Subject{Name: name, Digest: digest},
			Image: "registry.example.org/serving@" + string(digest)}
		rendering.Environment.Metadata.Name, rendering.Environment.Spec.Namespace = "development", "models"
		if files, err := (renderer{}).Render(t.Context(), rendering); err == nil {
			t.Errorf("%q was rendered: %v", name, files)
		}
	}
	if _, err := (packer{}).List(t.Context(), "not a registry", evidence.Subject{Name: "a", Digest: digest}); err == nil {
		t.Error("listed in no registry")
	}
}

// A recipe is proposed by anybody: what it runs is allowed by who runs Assay.
func TestACommandRunsOnlyWhereItIsAllowed(t *testing.T) {
	ran := filepath.Join(t.TempDir(), "ran")
	recipe := promotion.Recipe{Task: v1alpha1.Binary, Features: []string{"marker"}, DecisionThreshold: "0.5", Contract: ward,
		Trainer: v1alpha1.Trainer{Kind: "command", Train: []string{"touch", ran}, Predict: []string{"touch", ran}}}
	recipe.Contract.Columns = []v1alpha1.Column{{Name: "marker", Type: "number"}}
	if err := (training{}).Train(t.Context(), recipe, keep(t, wardRows), t.TempDir()); err == nil || !strings.Contains(err.Error(), "hint: ") {
		t.Errorf("train: %v", err)
	}
	if _, err := (training{}).Predict(t.Context(), recipe, t.TempDir(), keep(t, wardRows)); err == nil {
		t.Error("predict ran")
	}
	if _, err := os.Stat(ran); err == nil {
		t.Fatal("the command ran")
	}
	_ = (training{commands: true}).Train(t.Context(), recipe, keep(t, wardRows), t.TempDir()) // it leaves no model
	if _, err := os.Stat(ran); err != nil {
		t.Errorf("the command did not run where it is allowed: %v", err)
	}
}

func openWorkshop(t *testing.T, o origin) *Workshop {
	t.Helper()
	private, _, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	workshop, err := Open(Options{Repository: o.bare, StateDir: t.TempDir(), Ledger: t.TempDir(), Signer: signer, Rehearsal: signer.Public(),
		Clock: func() time.Time { return time.Unix(1_800_000_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return workshop
}

const platformText = "apiVersion: assay.dev/v1alpha1\nkind: Platform\nmetadata: {name: demo}\nspec: {registry: registry.example.org/assay, environments: [development]}\n"

const environmentText = "apiVersion: assay.dev/v1alpha1\nkind: Environment\nmetadata: {name: development}\nspec: {profile: development, namespace: models}\n"

var empty = map[string]string{"assay.yaml": platformText, "environments/development/environment.yaml": environmentText}

// Who merges is not who proposes, and who merges a colleague's commit into a
// branch does not thereby become that colleague.
func TestTheProposerIsTheAuthorOfTheHead(t *testing.T) {
	o := newOrigin(t)
	base := o.push("main", "mara@example.org", empty)
	head := o.push("feature", "emil@example.org", map[string]string{"docs/a.md": "a"})
	o.git(o.clone, "checkout", "--quiet", "-B", "main", base)
	o.push("main", "carla@example.org", map[string]string{"docs/b.md": "b"})
	as := func(author string, arguments ...string) {
		t.Helper()
		o.git(o.clone, append([]string{"-c", "user.name=x", "-c", "user.email=" + author}, arguments...)...)
	}
	o.git(o.clone, "checkout", "--quiet", "feature")
	as("emil@example.org", "merge", "--quiet", "--no-ff", "-m", "update", "main") // its second parent is Carla's
	update := o.git(o.clone, "rev-parse", "HEAD")
	o.git(o.clone, "checkout", "--quiet", "main")
	as("mara@example.org", "merge", "--quiet", "--no-ff", "-m", "merge", "feature")
	o.git(o.clone, "push", "--quiet", "origin", "main")
	workshop := openWorkshop(t, o)
	if err := workshop.Repository.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct{ commit, author string }{
		"main": {update, "emil@example.org"}, "feature": {head, "emil@example.org"},
	} {
		commit, err := workshop.Repository.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if proposed, err := workshop.proposedBy(commit); err != nil || proposed.Hash != want.commit || proposed.Author != want.author {
			t.Errorf("%s was proposed by %+v, %v, want %+v", name, proposed, err, want)
		}
	}
}

func TestAChangeThatPromotesNothingIsAllowedAndRecorded(t *testing.T) {
	o := newOrigin(t)
	o.push("main", "mara@example.org", empty)
	head := o.push("docs", "emil@example.org", map[string]string{"README.md": "x"})
	workshop := openWorkshop(t, o)
	outcome, err := workshop.Check(t.Context(), "main", "docs")
	if err != nil || !outcome.Allowed || outcome.Commit != head || len(outcome.Promotions) != 0 {
		t.Fatalf("outcome %+v, %v", outcome, err)
	}
	if err := workshop.Record(t.Context(), outcome); err != nil {
		t.Fatal(err)
	}
	if note := o.git(o.bare, "notes", "--ref=assay", "show", head); note != "assay: no promotion is affected by this change" {
		t.Errorf("the note says %q", note)
	}
	if tip, err := workshop.Tip(t.Context(), "main"); err != nil || tip != o.git(o.bare, "rev-parse", "main") {
		t.Errorf("tip %s, %v", tip, err)
	}
}

// Whatever a proposed tree holds, the answer is a report or an error.
func TestHostileRepositoriesAreRefusedInWords(t *testing.T) {
	promotionOf := func(model string) string {
		return "apiVersion: assay.dev/v1alpha1\nkind: Promotion\nmetadata: {name: x}\nspec: {model: \"" + model + "\"}\n"
	}
	for name, files := range map[string]map[string]string{
		"a model named ..":           {"environments/development/...yaml": promotionOf("..")},
		"a model nobody wrote":       {"environments/development/lung.yaml": promotionOf("lung")},
		"an environment with slash":  {"assay.yaml": strings.Replace(platformText, "[development]", "[development, ../x]", 1)},
		"a file name that paints":    {"environments/development/\x1b[2Jx.yaml": promotionOf("x")},
		"a platform that is a list":  {"assay.yaml": "[]"},
		"a bomb of aliases":          {"models/x/model.yaml": "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b,*c]\n"},
		"a folder where a file goes": {"models/x/model.yaml/deeper": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrigin(t)
			o.push("main", "mara@example.org", empty)
			o.push("hostile", "mallory@example.org", files)
			outcome, err := openWorkshop(t, o).Check(t.Context(), "main", "hostile")
			if err == nil && (outcome.Allowed || outcome.Error == "") {
				t.Errorf("outcome %+v", outcome)
			}
		})
	}
}

func TestASymlinkIsRefusedWhole(t *testing.T) {
	o := newOrigin(t)
	o.push("main", "mara@example.org", empty)
	if err := os.Symlink("/etc/passwd", filepath.Join(o.clone, "policies")); err != nil {
		t.Fatal(err)
	}
	o.push("hostile", "mallory@example.org", nil)
	if outcome, err := openWorkshop(t, o).Check(t.Context(), "main", "hostile"); err == nil || !strings.Contains(err.Error(), "symlink") {
		t.Errorf("outcome %+v, %v", outcome, err)
	}
}

func TestNothingIsTrustedThatTheBaseDoesNotSay(t *testing.T) {
	for name, text := range map[string]string{
		"no key": "signers: [{name: x, publicKey: nonsense, predicates: [y]}]",
	} {
		if _, err := openWorkshop(t, newOrigin(t)).Tools(t.Context(), fstest.MapFS{"assay.yaml": {
			Data: []byte(strings.Replace(platformText, "environments:", text+", environments:", 1))}}); err == nil || !strings.Contains(err.Error(), `signer "x"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := openWorkshop(t, newOrigin(t)).Tools(t.Context(), fstest.MapFS{}); err == nil {
		t.Error("nothing has tools")
	}
}

func TestWhatPeopleAreToldOfAPromotion(t *testing.T) {
	subject := evidence.Subject{Name: "tumour", Digest: evidence.Sum(nil)}
	reached := &promotion.State{Request: promotion.Request{Environment: "development", Model: "tumour"}, Release: subject, Champion: subject,
		Verdict: gates.Verdict{Evaluated: []string{"r"}}, Outputs: []promotion.Output{{Phase: "Fetched", Took: 1500 * time.Millisecond}}}
	told := Reported([]*promotion.State{reached}, nil)[0]
	if !told.Allowed || told.Release != subject.String() || told.Champion != subject.String() || told.Phases[0].Millis != 1500 {
		t.Errorf("told %+v", told)
	}
	// Allowed by the judge, and then not delivered: the door stays shut.
	failure := &promotion.Error{Pair: reached.Request.Pair(), Phase: "Delivered", Err: context.DeadlineExceeded}
	if told := Reported([]*promotion.State{reached}, failure)[0]; told.Allowed || told.Error == "" {
		t.Errorf("told %+v", told)
	}
	if outcome := report.New("c", Reported([]*promotion.State{{}}, nil), nil); outcome.Allowed {
		t.Error("a promotion without a verdict is allowed")
	}
}
