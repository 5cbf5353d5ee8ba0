package promotion

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

func ordering(name, digest, more string) string {
	return "apiVersion: assay.dev/v1alpha1\nkind: Quarantine\nmetadata: {name: " + name + "}\nspec: {digest: \"" + digest + "\", reason: drift" + more + "}\n"
}

// asked is the change that the judge was asked about last.
func (b *bench) asked(t *testing.T) judge.Change {
	t.Helper()
	for i := len(b.questions) - 1; i >= 0; i-- {
		if change := b.questions[i].Change; change != nil {
			return *change
		}
	}
	t.Fatal("nobody asked about a change")
	return judge.Change{}
}

// The judge is told of every quarantine of what would be promoted here, and of no
// other; without one the change is clear.
func TestTheJudgeIsToldOfQuarantines(t *testing.T) {
	work, tree := newBench(), repository(nil)
	state := run(t, work.tools(t, tree), request(tree, "development"))
	if change := work.asked(t); !change.Clear || len(change.Quarantines) != 0 {
		t.Errorf("without an order: %+v", change)
	}
	_, image, _ := strings.Cut(imageText, "@")
	release, other := string(state.Release.Digest), "sha256:"+strings.Repeat("7", 64)
	for name, story := range map[string]struct {
		digest, more string
		clear        bool
	}{
		"the release":           {release, "", false},
		"its serving image":     {image, "", false},
		"the release, here":     {release, ", environments: [staging, development], by: ruiz@example.org", false},
		"the release elsewhere": {release, ", environments: [staging]", true},
		"another release":       {other, "", true},
	} {
		tree := repository(map[string]string{"quarantines/drift.yaml": ordering("drift", story.digest, story.more)})
		if err := Validate(tree); err != nil {
			t.Fatal(err)
		}
		run(t, work.tools(t, tree), request(tree, "development"))
		change := work.asked(t)
		if change.Clear != story.clear || len(change.Quarantines) > 0 == story.clear {
			t.Errorf("%s: %+v", name, change)
		}
		if !story.clear && (change.Quarantines[0].Name != "drift" || change.Quarantines[0].Reason != "drift" || change.Quarantines[0].Digest != story.digest) {
			t.Errorf("%s: told %+v", name, change.Quarantines)
		}
	}
}

// A quarantine that does not say what it means would be one that nobody keeps.
func TestAQuarantineThatIsMisspeltIsAnError(t *testing.T) {
	digest := "sha256:" + strings.Repeat("7", 64)
	for want, changes := range map[string]map[string]string{
		"metadata.name":                       {"quarantines/a.yaml": ordering("b", digest, "")},
		"spec.digest":                         {"quarantines/a.yaml": ordering("a", digest+"0", "")},
		`assay.yaml does not list "prod"`:     {"quarantines/a.yaml": ordering("a", digest, ", environments: [prod]")},
		`unknown field "environment"`:         {"quarantines/a.yaml": ordering("a", digest, ", environment: staging")},
		"spec.reason":                         {"quarantines/a.yaml": strings.Replace(ordering("a", digest, ""), "drift", `""`, 1)},
		"spec.by":                             {"quarantines/a.yaml": ordering("a", digest, ", by: "+strings.Repeat("x", 254))},
		"a second document":                   {"quarantines/a.yaml": ordering("a", digest, "") + "---\n" + ordering("b", digest, "")},
		"files in quarantines, more than 256": many(digest),
	} {
		if err := Validate(repository(changes)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func many(digest string) map[string]string {
	changes := map[string]string{}
	for n := range maxOrders + 1 {
		name := fmt.Sprint("order-", n)
		changes["quarantines/"+name+".yaml"] = ordering(name, digest, "")
	}
	return changes
}

// The check of a pull request must not stand in the way of a quarantine: one that
// names what serves would be denied by itself.
func TestAQuarantineAloneIsNoPromotion(t *testing.T) {
	tree := repository(map[string]string{"quarantines/drift.yaml": ordering("drift", "sha256:"+strings.Repeat("7", 64), "")})
	if pairs, err := Affected(tree, []string{"quarantines/drift.yaml"}); err != nil || len(pairs) != 0 {
		t.Errorf("it affects %v, %v", pairs, err)
	}
}
