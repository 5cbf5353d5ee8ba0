package webhook

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// pinned splits a reference into what it names and its digest. The digest is
// empty unless it is the only thing that says which content is meant:
//
//   - a digest in upper case, of another algorithm or shortened is none (one
//     content, one name);
//   - "repository:tag@sha256:…" is not pinned, although a kubelet ignores the
//     tag: a tag that says v1 beside the digest of v2 misleads who reads it.
func pinned(reference string) (name, digest string) {
	name, text, _ := strings.Cut(reference, "@")
	last := name[strings.LastIndexByte(name, '/')+1:]
	if tag := strings.IndexByte(last, ':'); tag >= 0 {
		return name[:len(name)-len(last)+tag], ""
	}
	parsed, err := evidence.ParseDigest(text)
	if err != nil {
		return name, ""
	}
	return name, string(parsed)
}

// modelName is the part of a repository that people call the model: what
// follows "/models/", or else the last element of the path.
func modelName(repository string) string {
	if at := strings.LastIndex(repository, "/models/"); at >= 0 {
		return clip(repository[at+len("/models/"):], maxName)
	}
	return clip(repository[strings.LastIndexByte(repository, '/')+1:], maxName)
}

const (
	maxName      = 253 // as for every Kubernetes name
	maxReference = 512 // more than any registry accepts for repository and digest
)

// remote finds URIs by which a process can fetch a model for itself. Schemes
// are case-insensitive (RFC 3986 section 3.1). http and https are not among
// them: a configured model repository is found without a scheme, and most
// other URLs in a pod are no models.
var remote = regexp.MustCompile(`(?i)(?:^|[^a-z0-9+.-])((?:s3[an]?|gs|hf|az|azure|abfss?|wasbs?|oci)://[^\s"'` + "`" + `,;<>()\\]*)`)

var digestAnywhere = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

// finder looks for models in text.
type finder struct {
	repositories []string          // in lower case
	known        func(string) bool // whether a digest is that of a release
}

// find lists references to models in the text, each as the whole word in
// which it stands, and at most limit of them. It errs on the side of finding: a
// repository is found inside a longer host name too.
func (f finder) find(text string, limit int) []string {
	var found []string
	for _, repository := range f.repositories {
		found = append(found, mentions(text, repository, limit)...)
	}
	for _, match := range remote.FindAllStringSubmatch(text, limit) {
		found = append(found, clip(match[1], maxReference))
	}
	for _, at := range digestAnywhere.FindAllStringIndex(text, limit) {
		if f.known(text[at[0]:at[1]]) {
			found = append(found, word(text, at[0], at[1]))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// mentions finds one repository, whatever the case: host names have none.
func mentions(text, repository string, limit int) []string {
	var found []string
	lowered := lower(text)
	for at := 0; len(found) < limit; {
		next := strings.Index(lowered[at:], repository)
		if next < 0 {
			break
		}
		start := at + next
		at = start + len(repository)
		if at == len(lowered) || !pathByte(lowered[at]) {
			found = append(found, word(text, start, at))
		}
	}
	return found
}

// pathByte holds for bytes that continue a path element, so that
// registry/models-archive is not taken for registry/models.
func pathByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.'
}

// word widens text[start:end] to the run without delimiters around it, but to
// no more than a reference may be long.
func word(text string, start, end int) string {
	const delimiters = " \t\r\n\"'`,;=<>(){}[]|\\"
	for start > 0 && end-start < maxReference/2 && !strings.ContainsRune(delimiters, rune(text[start-1])) {
		start--
	}
	for end < len(text) && end-start < maxReference && !strings.ContainsRune(delimiters, rune(text[end])) {
		end++
	}
	return strings.ToValidUTF8(text[start:end], "\uFFFD")
}

// lower changes ASCII letters only, so that offsets stay those of the text.
func lower(text string) string {
	lowered := []byte(text)
	for i, b := range lowered {
		if b >= 'A' && b <= 'Z' {
			lowered[i] = b + ('a' - 'A')
		}
	}
	return string(lowered)
}
