package assembly

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

const pairName = "tumour"

var inDevelopment = promotion.Pair{Environment: "development", Model: pairName}

func header(kind, name string) string {
	return "apiVersion: assay.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n"
}

// promoted is a promotion repository with one model in one environment.
var promoted = map[string]string{
	"assay.yaml": platformText, "environments/development/environment.yaml": environmentText,
	"environments/development/tumour.yaml": header("Promotion", pairName) + "  model: tumour\n",
	"models/tumour/card.yaml":              header("ModelCard", pairName) + "  summary: a card\n",
	"models/tumour/model.yaml": header("Model", pairName) + "  task: binary\n  purpose: detection\n  riskClass: low\n  dataset: ward\n  features: [marker]\n" +
		"  decisionThreshold: 0.5\n  trainer: {kind: logistic, seed: 1, penalty: 0.1}\n  serving: {image: \"registry.example.org/serving@sha256:" + strings.Repeat("1", 64) + "\"}\n",
	"datasets/ward/dataset.yaml": header("Dataset", "ward") + "  source: data.csv\n  digest: sha256:" + strings.Repeat("2", 64) +
		"\n  columns: [{name: patient_id, type: text}, {name: marker, type: number}, {name: died, type: integer}, {name: part, type: text}]\n" +
		"  key: patient_id\n  label: died\n  split: {column: part, train: train, holdout: holdout}\n",
}

// chronicle is a repository whose history is looked at.
type chronicle struct {
	origin
	workshop *Workshop
}

func newChronicle(t *testing.T) chronicle {
	t.Helper()
	o := newOrigin(t)
	o.push("main", "pia@example.org", promoted)
	return chronicle{o, openWorkshop(t, o)}
}

func (p chronicle) on(branch, from string) {
	p.t.Helper()
	p.git(p.clone, "checkout", "--quiet", "-B", branch, from)
}

func (p chronicle) seed(branch, author, seed string) string {
	p.t.Helper()
	text := strings.Replace(promoted["models/tumour/model.yaml"], "seed: 1", "seed: "+seed, 1)
	return p.push(branch, author, map[string]string{"models/tumour/model.yaml": text})
}

func (p chronicle) card(branch, author, summary string) string {
	p.t.Helper()
	return p.push(branch, author, map[string]string{"models/tumour/card.yaml": header("ModelCard", pairName) + "  summary: " + summary + "\n"})
}

// as acts in the clone as author and committer.
func (p chronicle) as(author string, arguments ...string) string {
	p.t.Helper()
	return p.git(p.clone, append([]string{"-c", "user.name=x", "-c", "user.email=" + author}, arguments...)...)
}

// account is what is told of a proposal, or of main.
func (p chronicle) account(base, head string) promotion.Account {
	p.t.Helper()
	p.git(p.clone, "push", "--quiet", "--force", "origin", "--all")
	if err := p.workshop.Repository.Fetch(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	var tree, merged fs.FS
	since := ""
	if base != "" {
		merge, err := p.workshop.Repository.MergeTree(base, head)
		if err != nil {
			p.t.Fatal(err)
		}
		tree, since = merge.Files, merge.Base
	} else {
		base = head
	}
	merged, err := p.workshop.Repository.Tree(base)
	if err != nil {
		p.t.Fatal(err)
	}
	if tree == nil {
		tree = merged
	}
	looked, err := p.workshop.historyOf(merged, since, head)
	if err != nil {
		p.t.Fatal(err)
	}
	told, err := looked.Account(p.t.Context(), tree, inDevelopment)
	if err != nil {
		p.t.Fatal(err)
	}
	return told
}

func (p chronicle) expect(what string, told promotion.Account, recipe string, authors ...string) {
	p.t.Helper()
	for i, name := range authors {
		authors[i] = name + "@example.org"
	}
	if !slices.Equal(told.Authors, authors) {
		p.t.Errorf("%s: authors are %v, want %v", what, told.Authors, authors)
	}
	if told.Recipe != recipe {
		p.t.Errorf("%s: the recipe is of %s, want %s", what, told.Recipe, recipe)
	}
}

// Who made a change is the same before it is merged and after, and stays so
// while others change something else. Mara commits what others wrote.
func TestTheAuthorsAreTheSameBeforeAndAfterTheMerge(t *testing.T) {
	p := newChronicle(t)
	first := p.git(p.clone, "rev-parse", "HEAD")
	p.expect("at first", p.account("", "main"), first, "mara", "pia")
	p.on("topic", "main")
	p.card("topic", "carla@example.org", "a better card")
	recipe := p.seed("topic", "emil@example.org", "2")
	p.push("topic", "tess@example.org", map[string]string{"docs/b.md": "b"})
	p.expect("proposed", p.account("main", "topic"), recipe, "carla", "emil", "mara", "tess")
	p.on("main", "main")
	p.push("main", "otto@example.org", map[string]string{"docs/a.md": "a"})
	p.expect("beside another change", p.account("main", "topic"), recipe, "carla", "emil", "mara", "tess")
	p.as("bo@example.org", "merge", "--quiet", "--no-ff", "-m", "merge", "topic")
	p.expect("merged", p.account("", "main"), recipe, "carla", "emil", "mara", "tess")
	p.push("main", "otto@example.org", map[string]string{"docs/c.md": "c"})
	p.expect("and later", p.account("", "main"), recipe, "carla", "emil", "mara", "tess")
	p.on("policy", "main")
	p.push("policy", "ines@example.org", map[string]string{"policies/README.md": "x"})
	p.expect("under another proposal", p.account("main", "policy"), recipe, "carla", "emil", "mara", "tess")
}

// To bring a branch up to date, or to sign an empty commit, is no authorship;
// to slip a change into a merge is.
func TestWhoChangesNothingIsNoAuthor(t *testing.T) {
	p := newChronicle(t)
	p.on("topic", "main")
	recipe := p.seed("topic", "emil@example.org", "2")
	p.on("main", "main")
	p.push("main", "otto@example.org", map[string]string{"docs/a.md": "a"})
	p.on("topic", "topic")
	p.as("ines@example.org", "merge", "--quiet", "--no-ff", "-m", "update", "main")
	p.as("ines@example.org", "commit", "--quiet", "--allow-empty", "-m", "approve")
	p.expect("updated", p.account("main", "topic"), recipe, "emil", "mara")
	p.as("ines@example.org", "merge", "--quiet", "--no-ff", "--no-commit", "main~1")
	p.on("main", "main")
	p.push("main", "otto@example.org", map[string]string{"docs/b.md": "b"})
	p.on("topic", "topic")
	p.as("ines@example.org", "merge", "--quiet", "--no-ff", "--no-commit", "main")
	p.card("topic", "ines@example.org", "slipped in")
	p.expect("slipped in", p.account("main", "topic"), recipe, "emil", "ines", "mara")
}

func TestACoAuthorIsAnAuthor(t *testing.T) {
	p := newChronicle(t)
	p.on("topic", "main")
	p.seed("topic", "emil@example.org", "2")
	p.as("emil@example.org", "commit", "--quiet", "--amend", "-m", "two\n\nCo-authored-by: Ines <Ines@example.org>\nCo-authored-by: nobody\n")
	p.expect("together", p.account("main", "topic"), p.git(p.clone, "rev-parse", "HEAD"), "emil", "ines", "mara")
}

// A change of the card is no change of the recipe: the provenance of the model
// stays as it is.
func TestTheRecipesCommitOutlivesOtherChanges(t *testing.T) {
	p := newChronicle(t)
	first := p.git(p.clone, "rev-parse", "HEAD")
	p.card("main", "carla@example.org", "another card")
	p.expect("another card", p.account("", "main"), first, "carla", "mara")
	second := p.seed("main", "emil@example.org", "2")
	p.expect("another seed", p.account("", "main"), second, "emil", "mara")
	back := p.seed("main", "olga@example.org", "1")
	p.expect("the first seed again", p.account("", "main"), back, "mara", "olga")
}

// What cannot be read holds another content, and is no obstacle further back.
func TestABrokenCommitIsAnotherContent(t *testing.T) {
	p := newChronicle(t)
	p.push("main", "emil@example.org", map[string]string{"models/tumour/model.yaml": "{"})
	mended := p.seed("main", "olga@example.org", "1")
	p.expect("mended", p.account("", "main"), mended, "mara", "olga")
	told, err := p.workshop.historyOf(fstest.MapFS{"assay.yaml": {Data: []byte(platformText)}}, "", "main")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := told.Account(t.Context(), fstest.MapFS{}, inDevelopment); err == nil {
		t.Error("an empty tree has a history")
	}
}

// A tag moves no branch, and is noticed all the same.
func TestAnApprovalThatComesOrGoesIsNoticed(t *testing.T) {
	o := newOrigin(t)
	head := o.push("main", "pia@example.org", empty)
	workshop := openWorkshop(t, o)
	look := func(what, want string) {
		t.Helper()
		if tip, err := workshop.Tip(t.Context(), "main"); err != nil || tip != want {
			t.Errorf("%s: tip is %q, %v, want %q", what, tip, err, want)
		}
	}
	settle := func() {
		t.Helper()
		if commit, _, err := workshop.Merged(t.Context(), "main"); err != nil || commit != head {
			t.Fatalf("merged %s, %v", commit, err)
		}
	}
	settle()
	look("settled", head)
	o.git(o.clone, "-c", "user.name=x", "-c", "user.email=x@example.org", "tag", "-a", "-m", "x", "approvals/x")
	o.git(o.clone, "push", "--quiet", "origin", "--tags")
	look("a tag came", "")
	settle()
	look("settled again", head)
	o.git(o.clone, "push", "--quiet", "origin", "--delete", "approvals/x")
	look("it went", "")
}
