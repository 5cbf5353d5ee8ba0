package forge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestKnownAnswersAreBounded(t *testing.T) {
	memory := &conditional{known: map[string]*known{}}
	body := []byte(strings.Repeat("a", 1<<20))
	for i := range 100 {
		memory.remember(fmt.Sprint(i), &known{body: body})
		memory.recall("0") // what is asked for stays
	}
	for i := range 10_000 {
		memory.remember(fmt.Sprint("small ", i), &known{})
	}
	if memory.bytes > maxKnown || len(memory.order) > 4096 || len(memory.known) != len(memory.order) {
		t.Errorf("%d answers of %d bytes are kept, %d in order", len(memory.known), memory.bytes, len(memory.order))
	}
	held := 0
	for _, answer := range memory.known {
		held += len(answer.body)
	}
	if held != memory.bytes {
		t.Errorf("it counts %d bytes and holds %d", memory.bytes, held)
	}
}

func TestATitleIsCutByCharacters(t *testing.T) {
	if got := clip(strings.Repeat("µ", 200), maxTitle); got != strings.Repeat("µ", maxTitle-1)+"…" {
		t.Errorf("got %q", got)
	}
	if got := clip("short", maxTitle); got != "short" {
		t.Errorf("got %q", got)
	}
}

func TestACutClosesWhatItLeavesOpen(t *testing.T) {
	filler := strings.Repeat("a line\n", 200)
	ending := "\n\n_The rest did not fit._\n"
	for name, test := range map[string]struct{ text, want string }{
		"nothing":           {filler, "a line" + ending},
		"a fold":            {"<details>\n" + filler, "a line\n</details>" + ending},
		"a fold, shut":      {"<details>\n</details>\n" + filler, "a line" + ending},
		"two folds":         {"<details><details>\n" + filler, "a line\n</details>\n</details>" + ending},
		"code":              {"```yaml\n" + filler, "a line\n```\n" + ending},
		"code about a fold": {"```\n<details>\n" + filler, "a line\n```\n" + ending},
		"code, shut":        {"```\n```\n<details>\n" + filler, "a line\n</details>" + ending},
	} {
		if got := fit(test.text, "", 1000); !strings.HasSuffix(got, test.want) || len(got) > 1000 {
			t.Errorf("%s: got %d bytes that end with %q", name, len(got), got[len(got)-80:])
		}
	}
}

// FuzzWhatIsCutStaysWithinItsBounds: whatever the text, the forge takes the comment.
func FuzzWhatIsCutStaysWithinItsBounds(f *testing.F) {
	f.Add("a line\n", uint16(9000), "https://reports.example")
	f.Add("```\n<details>", uint16(6000), "")
	f.Add("\xff\xfeµ", uint16(40000), strings.Repeat("l", 3000))
	f.Fuzz(func(t *testing.T, text string, times uint16, link string) {
		if int(times)*len(text) > 300_000 {
			return
		}
		body, err := Comment{Key: "report", Text: strings.Repeat(text, int(times)), Link: strings.ToValidUTF8(link, "")}.body()
		if err != nil || len(body) > maxComment || !utf8.ValidString(body) || !strings.HasPrefix(body, marker("report")) {
			t.Errorf("a comment of %d bytes: %v", len(body), err)
		}
	})
}

// The token is for one host, whatever a redirect says.
func TestTheTokenGoesToOneHost(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com/a": "Bearer t", "https://api.github.com/a": "Bearer t", "https://github.com.evil.example/a": "", "https://evil.example/api.github.com": "",
	} {
		var sent string
		wire := signed{roundTrip(func(r *http.Request) { sent = r.Header.Get("Authorization") }), "github.com", "Bearer", Token("t")}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wire.RoundTrip(request); err != nil || sent != want {
			t.Errorf("%s: %q was sent, %v", address, sent, err)
		}
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}
