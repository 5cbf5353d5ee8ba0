package subject

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain is a text as a client of the network will have understood it, when that
// is something else: percent-encoded characters are what they stand for (RFC
// 3986 section 2.1), and letters of a host name are mapped as UTS 46 has it
// (full-width and mathematical letters are letters, other full stops are dots,
// what cannot be seen is not there). A text is decoded once, as by a client.
func plain(text string) string {
	if strings.IndexByte(text, '%') >= 0 {
		text = unescape(text)
	}
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return text[:i] + folded(text[i:])
		}
	}
	return text
}

// folded writes in ASCII what stands for ASCII, and leaves the rest: no host of a
// model repository has other letters, and some of them would grow tenfold.
func folded(text string) string {
	read := make([]byte, 0, len(text))
	for i, width := 0, 0; i < len(text); i += width {
		var r rune
		r, width = utf8.DecodeRuneInString(text[i:])
		switch plainer := norm.NFKD.PropertiesString(text[i:]).Decomposition(); {
		case r == '。':
			read = append(read, '.')
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		case len(plainer) > 0 && isASCII(plainer):
			read = append(read, plainer...)
		default:
			read = append(read, text[i:i+width]...)
		}
	}
	return string(read)
}

func isASCII(text []byte) bool {
	return !slices.ContainsFunc(text, func(b byte) bool { return b >= utf8.RuneSelf })
}

// unescape reads %73 as s, and leaves what is no escape as it is.
func unescape(text string) string {
	read := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if high, low := hex(text[i+1]), hex(text[i+2]); high < 16 && low < 16 {
				read = append(read, high<<4|low)
				i += 2
				continue
			}
		}
		read = append(read, text[i])
	}
	return string(read)
}

func hex(b byte) byte {
	switch {
	case b >= '0' && b <= '9':
		return b - '0'
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10
	}
	return 16
}

// dockerHub is the registry of which a reference may leave out the name.
const dockerHub = "docker.io/"

// mentions finds one repository in a text in lower case, however its place is
// written: at another port, with a full stop after the host, by the registry's
// own API (/v2/), with slashes or dots too many.
func mentions(text, lowered, repository string, limit int) []string {
	if familiar, is := strings.CutPrefix(repository, dockerHub); is {
		return occurrences(text, lowered, familiar, limit, func(rest string) bool { return !continues(rest) })
	}
	host, path, _ := strings.Cut(repository, "/")
	host, _, _ = strings.Cut(host, ":")
	return occurrences(text, lowered, host, limit, func(rest string) bool { return leads(rest, path) })
}

// occurrences lists the words in which a string stands, where what follows it is
// accepted.
func occurrences(text, lowered, wanted string, limit int, accepts func(rest string) bool) []string {
	var found []string
	for at := 0; len(found) < limit; {
		next := strings.Index(lowered[at:], wanted)
		if next < 0 {
			break
		}
		start := at + next
		at = start + len(wanted)
		if accepts(lowered[at:]) {
			found = append(found, word(text, start, at))
		}
	}
	return found
}

// leads says whether the text that follows a host name goes on with the path, at
// any of its steps: a program may stop at one, and another drops "..".
func leads(rest, path string) bool {
	rest = strings.TrimPrefix(rest, ".")
	if strings.HasPrefix(rest, ":") {
		rest = strings.TrimLeft(rest[1:], "0123456789")
	}
	if !strings.HasPrefix(rest, "/") {
		return false
	}
	rest = rest[:wordEnd(rest, 0, maxReference)]
	var steps []string
	length, turns := strings.Count(path, "/")+1, strings.Contains(rest, "/..")
	for step := range strings.SplitSeq(rest, "/") {
		switch {
		case step == "" || step == "." || step == "v2" && len(steps) == 0:
			continue
		case step == ".." && len(steps) > 0:
			steps = steps[:len(steps)-1]
			continue
		}
		if steps = append(steps, step); len(steps) != length {
			continue
		}
		switch after, is := strings.CutPrefix(strings.Join(steps, "/"), path); {
		case is && !continues(after):
			return true
		case !turns:
			return false
		}
	}
	return false
}

// continues holds for a text that begins within a path element.
func continues(text string) bool { return text != "" && pathByte(text[0]) }
