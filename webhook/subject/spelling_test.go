package subject

import (
	"strings"
	"testing"
)

// TestAnAddressIsReadAsClientsReadIt: the first of each pair leads to where the
// second does.
func TestAnAddressIsReadAsClientsReadIt(t *testing.T) {
	for spelled, read := range map[string]string{
		"":                    "",
		"registry/models":     "registry/models",
		"%72egistry/%6Dodels": "registry/models",
		"100% registry %zz %": "100% registry %zz %",
		"%2572":               "%72",
		"ｒｅｇｉｓｔｒｙ．example。org":    "registry.example.org",
		"reg\u00adis\u200btry":    "registry",
		"𝐫egistry":                "registry",
		"\u212aube \u017f3":       "Kube s3",
		"é stays é, and \uFDFA":   "é stays é, and \uFDFA",
		"not UTF-8: \xff\xfe end": "not UTF-8: \xff\xfe end",
	} {
		if got := plain(spelled); got != read {
			t.Errorf("%q is read as %q, want %q", spelled, got, read)
		}
	}
}

// FuzzPlain: what needs no reading is left alone, and nothing grows beyond twice
// its size, however it is written.
func FuzzPlain(f *testing.F) {
	f.Add("registry.example.org:5000/models")
	f.Add("%72egistry．example\u00ad.org %")
	f.Add("\u33c2\u2487\uFDFA\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := plain(text)
		if len(got) > 2*len(text) {
			t.Errorf("%q becomes %q", text, got)
		}
		if ascii := isASCII([]byte(text)); ascii && !strings.Contains(text, "%") && got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	})
}
