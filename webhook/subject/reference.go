package subject

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Pinned splits a reference into what it names and its digest. The digest is
// empty unless it is the only thing that says which content is meant:
//
//   - a digest in upper case, of another algorithm or shortened is none (one
//     content, one name);
//   - "repository:tag@sha256:…" is not pinned, although a kubelet ignores the
//     tag: a tag that says v1 beside the digest of v2 misleads who reads it.
func Pinned(reference string) (name, digest string) {
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

// ModelName is the part of a repository that people call the model: what
// follows "/models/", or else the last element of the path.
func ModelName(repository string) string {
	if at := strings.LastIndex(repository, "/models/"); at >= 0 {
		return Clip(repository[at+len("/models/"):], maxName)
	}
	return Clip(repository[strings.LastIndexByte(repository, '/')+1:], maxName)
}

const (
	maxName      = 253 // as for every Kubernetes name
	maxReference = 512 // more than any registry accepts for repository and digest
)

var digestAnywhere = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

// find lists references to models in the text, each as the whole word in
// which it stands, and at most limit of them of a kind. It errs on the side of
// finding: a repository is found inside a longer host name too.
func (m Models) find(text string, limit int) []string {
	if !m.mayStandIn(text) {
		return nil
	}
	found := m.search(text, limit)
	if understood := plain(text); understood != text {
		found = append(found, m.search(understood, limit)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// mayStandIn is false of a text in which find finds nothing, which is most of an
// object: a path has a slash, a digest a colon, and what is written in another way
// has a percent sign or other letters. Only of Docker's own registry a repository
// may be a single word.
func (m Models) mayStandIn(text string) bool {
	for i := range len(text) {
		if b := text[i]; b == '/' || b == ':' || b == '%' || b >= utf8.RuneSelf {
			return true
		}
	}
	return slices.ContainsFunc(m.Repositories, func(repository string) bool { return strings.HasPrefix(repository, dockerHub) })
}

func (m Models) search(text string, limit int) []string {
	var found []string
	lowered := lower(text)
	for _, repository := range m.Repositories {
		found = append(found, mentions(text, lowered, repository, limit)...)
	}
	found = append(found, remotes(text, limit)...)
	if !strings.Contains(text, "sha256:") {
		return found
	}
	for _, at := range digestAnywhere.FindAllStringIndex(text, limit) {
		if m.Known(text[at[0]:at[1]]) {
			found = append(found, word(text, at[0], at[1]))
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
	for start > 0 && end-start < maxReference/2 && !strings.ContainsRune(delimiters, rune(text[start-1])) {
		start--
	}
	return strings.ToValidUTF8(text[start:wordEnd(text, end, maxReference-(end-start))], "\uFFFD")
}

const delimiters = " \t\r\n\"'`,;=<>(){}[]|\\"

// wordEnd is where the word ends that goes on at a place, or the limit.
func wordEnd(text string, at, limit int) int {
	last := max(at, min(len(text), at+limit))
	if end := strings.IndexAny(text[at:last], delimiters); end >= 0 {
		return at + end
	}
	return last
}

// lower changes ASCII letters only, so that offsets stay those of the text.
func lower(text string) string {
	if strings.IndexFunc(text, isCapital) < 0 {
		return text
	}
	lowered := []byte(text)
	for i, b := range lowered {
		if isCapital(rune(b)) {
			lowered[i] = b + ('a' - 'A')
		}
	}
	return string(lowered)
}

func isCapital(r rune) bool { return r >= 'A' && r <= 'Z' }
