package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// parseCommit takes the signature out of a commit's header, as git does before
// it verifies. A second signature, or one over another hash, leaves in doubt
// what was signed.
func parseCommit(raw []byte) (Signed, error) {
	var found Signed
	end := bytes.Index(raw, []byte("\n\n"))
	inSignature := false
	for line := range bytes.SplitAfterSeq(raw[:end+1], []byte("\n")) {
		signature, begins := bytes.CutPrefix(line, []byte("gpgsig "))
		switch {
		case begins && len(found.Signature) > 0:
			return Signed{}, errors.New("it has two signatures")
		case begins:
			found.Signature = append(found.Signature, signature...)
		case inSignature && bytes.HasPrefix(line, []byte(" ")):
			found.Signature = append(found.Signature, line[1:]...)
		case bytes.HasPrefix(line, []byte("gpgsig")):
			return Signed{}, errors.New("it has a signature of another kind")
		default:
			found.Payload = append(found.Payload, line...)
		}
		inSignature = begins || inSignature && bytes.HasPrefix(line, []byte(" "))
	}
	found.Payload = append(found.Payload, raw[end+1:]...)
	header, message, err := headerOf(found.Payload)
	if err != nil {
		return Signed{}, err
	}
	if len(header) == 0 || header[0].name != "tree" || !alone(header, "tree", "author", "committer") {
		return Signed{}, errors.New("it is not a commit of one tree, by one author and one committer")
	}
	found.Message = message
	found.By, err = parseAuthor(value(header, "committer"))
	return found, err
}

// signatures are how those of a tag begin, at the beginning of a line.
var signatures = []string{"-----BEGIN SSH SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"}

// parseTag cuts the signature off the end of a tag: the last beginning of one
// counts, as in git.
func parseTag(raw []byte) (Signed, error) {
	end, at := len(raw), 0
	for line := range bytes.SplitAfterSeq(raw, []byte("\n")) {
		if slices.ContainsFunc(signatures, func(begin string) bool { return bytes.HasPrefix(line, []byte(begin)) }) {
			end = at
		}
		at += len(line)
	}
	found := Signed{Payload: raw[:end:end], Signature: raw[end:]}
	header, message, err := headerOf(found.Payload)
	if err != nil {
		return Signed{}, err
	}
	names := make([]string, len(header))
	for i, one := range header {
		names[i] = one.name
	}
	if !slices.Equal(names, []string{"object", "type", "tag", "tagger"}) || value(header, "type") != "commit" {
		return Signed{}, errors.New("it is not a tag of a commit")
	}
	found.Commit, found.Message = value(header, "object"), message
	if plumbing.NewHash(found.Commit).String() != found.Commit {
		return Signed{}, fmt.Errorf("%.80q is not a commit", found.Commit)
	}
	found.By, err = parseAuthor(value(header, "tagger"))
	return found, err
}

type field struct{ name, value string }

// headerOf reads the lines before the first empty one. Lines that begin with a
// space go on with the one before.
func headerOf(payload []byte) ([]field, string, error) {
	head, message, cut := bytes.Cut(payload, []byte("\n\n"))
	if !cut || bytes.ContainsRune(payload, 0) {
		return nil, "", errors.New("it has no header and message")
	}
	var header []field
	for line := range strings.SplitSeq(string(head), "\n") {
		if strings.HasPrefix(line, " ") {
			continue
		}
		name, value, _ := strings.Cut(line, " ")
		header = append(header, field{name, value})
	}
	return header, string(message), nil
}

func value(header []field, name string) string {
	for _, one := range header {
		if one.name == name {
			return one.value
		}
	}
	return ""
}

// alone holds when each of the names stands exactly once.
func alone(header []field, names ...string) bool {
	count := map[string]int{}
	for _, one := range header {
		count[one.name]++
	}
	return !slices.ContainsFunc(names, func(name string) bool { return count[name] != 1 })
}

// parseAuthor reads `Name <address> seconds zone`; the time is given in UTC.
func parseAuthor(text string) (Author, error) {
	name, rest, cut := strings.Cut(text, " <")
	email, rest, closed := strings.Cut(rest, "> ")
	seconds, _, _ := strings.Cut(rest, " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if !cut || !closed || err != nil || unix < 0 || unix > maxSeconds || strings.ContainsAny(name+email, "<>") {
		return Author{}, fmt.Errorf("%.120q does not say who, and when", text)
	}
	return Author{Name: name, Email: email, Time: time.Unix(unix, 0).UTC()}, nil
}

// maxSeconds is the end of the year 9999, beyond which times cannot be written.
const maxSeconds = 253_402_300_799
