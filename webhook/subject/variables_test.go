package subject

import (
	"strings"
	"testing"
)

// TestVariablesArePutInAsAKubeletAndAShellDo: A is a, B is b.
func TestVariablesArePutInAsAKubeletAndAShellDo(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"plain":                  "plain",
		"$(A)/$(B)":              "a/b",
		"${A}/$B/$A.x":           "a/b/a.x",
		"$(NONE)":                "$(NONE)",
		"${NONE}x$NONE y":        "x y",
		"$$(A)":                  "$(A)",
		"$":                      "$",
		"$( ${ $(A":              "$( ${ $(A",
		"$()":                    "$()",
		"a$-b":                   "a$-b",
		"$(dotted.name-with_it)": "d",
	} {
		search := projection{variables: variables{"A": "a", "B": "b", "dotted.name-with_it": "d"}}
		if got := search.expand(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// FuzzExpand: a text without variables is left alone, and none grows beyond the
// bound.
func FuzzExpand(f *testing.F) {
	f.Add("$(A)${A}$A$$", "value")
	f.Add("$($(A))", "$(A)")
	f.Fuzz(func(t *testing.T, text, value string) {
		search := projection{variables: variables{"A": value}}
		got := search.expand(text)
		if !strings.Contains(text, "$") && got != text {
			t.Errorf("%q becomes %q", text, got)
		}
		if len(got) > len(text)+maxExpanded+len(value) {
			t.Errorf("%d bytes become %d", len(text), len(got))
		}
	})
}
