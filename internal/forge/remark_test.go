package forge_test

import (
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

// Who begins says so at once, and takes back nothing: a check that passed must
// not flicker because somebody looks again.
func TestWhatIsAnnouncedTakesNothingBack(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		_, head := w.ask("head")
		begun := forge.Check{Name: "assay", Outcome: forge.Pending, Title: "is being judged"}
		succeed(t, w.Announce(t.Context(), head, begun))
		succeed(t, w.Announce(t.Context(), head, begun))
		if writes := w.Writes(); len(writes) != 1 {
			t.Errorf("announced once: %v", writes)
		}
		passed := forge.Check{Name: "assay", Outcome: forge.Passed, Title: "passed"}
		succeed(t, w.Report(t.Context(), head, []forge.Check{passed}))
		before := len(w.Writes())
		succeed(t, w.again().Announce(t.Context(), head, begun))
		if after := len(w.Writes()); after != before {
			t.Errorf("an announcement wrote over what stands: %v", w.Writes())
		}
		succeed(t, w.Announce(t.Context(), forgetest.Commit("another head"), begun))
		if after := len(w.Writes()); after != before+1 {
			t.Errorf("nothing stood on the other head: %v", w.Writes())
		}
	})
}

// What is judged anew must not pass for judged; what blocks blocks already.
func TestOnlyWhatPassesIsSuspended(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		begun := []forge.Check{{Name: "assay", Outcome: forge.Pending, Title: "is being judged"}}
		for outcome, want := range map[forge.Outcome]int{forge.Passed: 1, forge.Unaffected: 1, forge.Failed: 0, forge.Undecided: 0, forge.Pending: 0} {
			head := forgetest.Commit("head", outcome)
			succeed(t, w.Report(t.Context(), head, []forge.Check{{Name: "assay", Outcome: outcome, Title: "so far"}}))
			before := len(w.Writes())
			succeed(t, w.again().Suspend(t.Context(), head, begun))
			if written := len(w.Writes()) - before; written != want {
				t.Errorf("outcome %d: %d writes, want %d", outcome, written, want)
			}
		}
		before := len(w.Writes())
		succeed(t, w.Suspend(t.Context(), forgetest.Commit("nothing stands here"), begun))
		if written := len(w.Writes()) - before; written != 0 {
			t.Errorf("where nothing stood %d were written", written)
		}
	})
}

func TestAQuietCommentIsOnlyEdited(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		quiet := forge.Comment{Key: "verdict", Text: "nothing is affected", Quiet: true}
		succeed(t, w.Comment(t.Context(), number, quiet))
		if writes := w.Writes(); len(writes) != 0 {
			t.Errorf("nobody had said anything: %v", writes)
		}
		succeed(t, w.Comment(t.Context(), number, forge.Comment{Key: "verdict", Text: "denied"}))
		succeed(t, w.Comment(t.Context(), number, quiet))
		if said := w.Comments(number); len(said) != 1 || said[0].Body != "<!-- assay:verdict -->\nnothing is affected" {
			t.Errorf("got %+v", said)
		}
	})
}

// Our own words are no remark: what a pull request made us repeat commands nothing.
func TestRemarksAreThoseOfOthers(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		w.Say(number, "dr-adams", "/assay check\r\nplease")
		succeed(t, w.Comment(t.Context(), number, forge.Comment{Key: "verdict", Text: "/assay check"}))
		w.Review(number, "prof-brandt", "approved") // of which GitLab writes a note
		w.Say(number, "dr-chen", "done?")
		want := []forge.Remark{{Author: "dr-adams", Text: "/assay check\nplease"}, {Author: "dr-chen", Text: "done?"}}
		if got := must(w.Remarks(t.Context(), number))(t); !slices.Equal(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestWhoMayWrite(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.Admit("prof-brandt")
		for login, want := range map[string]bool{"prof-brandt": true, "brandt": false, "stranger": false, "../prof-brandt": false} {
			if may, err := w.MayWrite(t.Context(), login); may != want || err != nil && login[0] != '.' {
				t.Errorf("%s: got %t, %v", login, may, err)
			}
		}
		w.Fault = func(*request) forgetest.Fault {
			return forgetest.Fault{Status: 403, Body: `{"message":"Only admins can query all permissions"}`}
		}
		if may, err := w.again().MayWrite(t.Context(), "prof-brandt"); may || err == nil {
			t.Errorf("got %t, %v: who is not told does not know", may, err)
		}
	})
}
