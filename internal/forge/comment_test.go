package forge_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

type request = http.Request

func report(text string) forge.Comment {
	return forge.Comment{Key: "report", Text: text, Link: "https://reports.example/1"}
}

func TestOneCommentIsEditedInPlace(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.PageSize = 2
		number, _ := w.ask("head")
		for range 3 {
			w.Say(number, "dr-adams", "looks good")
		}
		succeed(t, w.Comment(t.Context(), number, report("denied")))
		succeed(t, w.Comment(t.Context(), number, report("denied")))
		if writes := w.Writes(); len(writes) != 1 {
			t.Errorf("the same again was written: %v", writes)
		}
		succeed(t, w.again().Comment(t.Context(), number, report("allowed")))
		succeed(t, w.Comment(t.Context(), number, forge.Comment{Key: "soak", Text: "three more days"}))
		comments := w.Comments(number)
		if len(comments) != 5 || !strings.HasSuffix(comments[3].Body, "allowed") || !strings.HasSuffix(comments[4].Body, "three more days") {
			t.Errorf("got %+v", comments)
		}
	})
}

// Whoever can comment can write the marker; a report under another's name could
// be edited by them afterwards.
func TestAForgedMarkerIsNobodysReport(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		forged := "<!-- assay:report -->\nallowed, says dr-mallory"
		w.Say(number, "dr-mallory", forged)
		succeed(t, w.Comment(t.Context(), number, report("denied")))
		comments := w.Comments(number)
		if len(comments) != 2 || comments[0].Body != forged || !strings.HasSuffix(comments[1].Body, "denied") {
			t.Errorf("got %+v", comments)
		}
	})
}

func TestTwoWritersLeaveOneComment(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		var group sync.WaitGroup
		for _, writer := range []forge.Forge{w, w.again(), w.again(), w.again()} {
			group.Go(func() {
				if err := writer.Comment(t.Context(), number, report("denied")); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		succeed(t, w.Comment(t.Context(), number, report("denied"))) // what a crash would have left
		if comments := w.Comments(number); len(comments) != 1 {
			t.Errorf("got %+v", comments)
		}
	})
}

func TestALongCommentIsCutAtALineAndSaysWhereTheRestIs(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		var long strings.Builder
		long.WriteString("denied\n<details><summary>all</summary>\n\n```yaml\n")
		for i := 0; long.Len() < 200_000; i++ {
			fmt.Fprintf(&long, "line %d of a measure µ\n", i)
		}
		succeed(t, w.Comment(t.Context(), number, report(long.String())))
		body := w.Comments(number)[0].Body
		if len(body) > 60_000 || !utf8.ValidString(body) {
			t.Errorf("the comment has %d bytes", len(body))
		}
		ending := body[strings.LastIndex(body, "line "):]
		want := " of a measure µ\n```\n\n</details>\n\n_The rest did not fit: [read the whole report](https://reports.example/1)._\n"
		if !strings.HasSuffix(ending, want) {
			t.Errorf("it ends with %q", ending)
		}
		succeed(t, w.Comment(t.Context(), number, report(long.String())))
		if writes := w.Writes(); len(writes) != 1 {
			t.Errorf("the same again was written: %v", writes)
		}
	})
}

func TestACommentIsRefusedWithoutAKey(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		number, _ := w.ask("head")
		for _, key := range []string{"", "a -->", "A", strings.Repeat("a", 61)} {
			if err := w.Comment(t.Context(), number, forge.Comment{Key: key, Text: "x"}); err == nil {
				t.Errorf("key %q was taken", key)
			}
		}
	})
}

// Edits through a browser come back with the line ends of the web.
func TestLineEndsOfTheWebAreNoChange(t *testing.T) {
	w := newWorld(t, kinds[0])
	number, _ := w.ask("head")
	w.Say(number, robot, "<!-- assay:report -->\r\none\r\ntwo")
	succeed(t, w.Comment(t.Context(), number, report("one\ntwo")))
	if writes := w.Writes(); len(writes) != 0 {
		t.Errorf("got %v", writes)
	}
}
