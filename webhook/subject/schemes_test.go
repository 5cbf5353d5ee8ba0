package subject

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheLongestSchemeIsFound(t *testing.T) {
	for scheme := range schemes {
		if len(scheme) > maxScheme {
			t.Errorf("%s is longer than %d", scheme, maxScheme)
		}
		if found := remotes("--from="+strings.ToUpper(scheme)+"://a/b,c", 2); len(found) != 1 || !strings.HasSuffix(found[0], "://a/b") {
			t.Errorf("%s: %q", scheme, found)
		}
		if found := remotes("x-"+scheme+"://a x."+scheme+"://b", 2); len(found) > 0 {
			t.Errorf("%s is the end of another scheme: %q", scheme, found)
		}
	}
}

// FuzzRemotes: whatever the text, it finds what a regular expression finds.
func FuzzRemotes(f *testing.F) {
	pattern := regexp.MustCompile(`(?:^|[^a-zA-Z0-9.-])((?i:` + strings.Join(slices.Sorted(maps.Keys(schemes)), "|") + `)://[^\s"'` + "`" + `,;<>()\\]*)`)
	for _, seed := range []string{"s3://a", "xs3://a", "git+s3://a S3A://b,gs://c", "http://x/s3://y", "s3://", "://", "s3:://", "-hf://", "s3://a/gs://b hf://"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\u017f\u212a") {
			return // letters that fold to s and k: plain reads them first
		}
		var want []string
		for _, match := range pattern.FindAllStringSubmatch(text, maxUses) {
			want = append(want, Clip(match[1], maxReference))
		}
		got := remotes(text, maxUses)
		for _, one := range want {
			if !slices.Contains(got, one) {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
	})
}
