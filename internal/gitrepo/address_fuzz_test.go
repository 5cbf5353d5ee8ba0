package gitrepo

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzNoMessageHoldsAPassword: an address is refused, or is clean; in neither
// does a password stay.
func FuzzNoMessageHoldsAPassword(f *testing.F) {
	for _, seed := range []string{"https://git.example.org/x.git", "http://h:1/..", "ssh://h/x", "%zz@", "/tmp/../etc", "file:///x"} {
		f.Add(seed)
	}
	const secret = "Tr0ub4dor"
	f.Fuzz(func(t *testing.T, address string) {
		scheme, rest, cut := strings.Cut(address, "://")
		if cut && !strings.Contains(rest, "@") {
			address = scheme + "://user:" + secret + "@" + rest
		}
		cleaned, _, err := parseAddress(address)
		told := cleaned
		if err != nil {
			told = err.Error()
		}
		if parsed, failed := url.Parse(address); failed == nil && parsed.User != nil && strings.Contains(told, secret) {
			t.Errorf("%q: %s", address, told)
		}
	})
}
