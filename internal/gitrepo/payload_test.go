package gitrepo

import (
	"bytes"
	"strings"
	"testing"
)

const (
	commitHead = "tree 0123456789012345678901234567890123456789\nauthor A <a@b> 1 +0000\ncommitter C <c@d> 2 +0100\n"
	tagHead    = "object 0123456789012345678901234567890123456789\ntype commit\ntag x\ntagger T <t@u> 3 -0700\n"
)

// An object that can be read in more than one way was signed by nobody.
func TestAnObjectIsReadInOneWayOnly(t *testing.T) {
	for name, text := range map[string]string{
		"empty":                 "",
		"no message":            commitHead,
		"two trees":             commitHead + "tree 9123456789012345678901234567890123456789\n\nx",
		"two committers":        commitHead + "committer X <x@y> 2 +0000\n\nx",
		"no committer":          strings.Replace(commitHead, "committer", "comitter", 1) + "\nx",
		"author before tree":    "author A <a@b> 1 +0000\n" + commitHead + "\nx",
		"two signatures":        commitHead + "gpgsig a\ngpgsig b\n\nx",
		"another hash's":        commitHead + "gpgsig-sha256 a\n\nx",
		"no time":               strings.Replace(commitHead, "2 +0100", "now", 1) + "\nx",
		"a time beyond writing": strings.Replace(commitHead, "2 +0100", "999999999999999 +0100", 1) + "\nx",
		"an angle":              strings.Replace(commitHead, "C <", "C <<", 1) + "\nx",
		"a zero byte":           commitHead + "\nx\x00y",
	} {
		if read, err := parseCommit([]byte(text)); err == nil {
			t.Errorf("commit with %s: %+v", name, read)
		}
	}
	for name, text := range map[string]string{
		"empty":          "",
		"no message":     tagHead,
		"of a tree":      strings.Replace(tagHead, "type commit", "type tree", 1) + "\nx",
		"two objects":    "object 9123456789012345678901234567890123456789\n" + tagHead + "\nx",
		"another order":  "type commit\n" + strings.Replace(tagHead, "type commit\n", "", 1) + "\nx",
		"a short object": strings.Replace(tagHead, "0123456789012345678901234567890123456789", "0123", 1) + "\nx",
		"one header on":  strings.TrimSuffix(tagHead, "\n") + "\nencoding x\n\nx",
	} {
		if read, err := parseTag([]byte(text)); err == nil {
			t.Errorf("tag with %s: %+v", name, read)
		}
	}
}

// The last beginning of a signature counts, as in git: a text that quotes one
// is a text.
func TestAQuotedSignatureIsText(t *testing.T) {
	quoted := "\nsee\n-----BEGIN PGP SIGNATURE-----\nquoted\n-----END PGP SIGNATURE-----\n"
	read, err := parseTag([]byte(tagHead + quoted + "-----BEGIN SSH SIGNATURE-----\nreal\n"))
	if err != nil || string(read.Payload) != tagHead+quoted || string(read.Signature) != "-----BEGIN SSH SIGNATURE-----\nreal\n" {
		t.Errorf("read %+v, %v", read, err)
	}
}

// FuzzWhatWasSignedIsAllThatIsRead: payload and signature are the object, and
// all that is read of it is read of the payload.
func FuzzWhatWasSignedIsAllThatIsRead(f *testing.F) {
	f.Add([]byte(commitHead + "gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n\nmessage\n"))
	f.Add([]byte(commitHead + "\nmessage"))
	f.Add([]byte(tagHead + "\nmessage\n-----BEGIN SSH SIGNATURE-----\nAAAA\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if read, err := parseTag(raw); err == nil {
			if !bytes.Equal(append(bytes.Clone(read.Payload), read.Signature...), raw) {
				t.Errorf("payload %q and signature %q are not the tag", read.Payload, read.Signature)
			}
			again, err := parseTag(read.Payload)
			if err != nil || again.Message != read.Message || again.Commit != read.Commit || again.By != read.By || len(again.Signature) > 0 {
				t.Errorf("the payload alone is read as %+v, %v", again, err)
			}
		}
		if read, err := parseCommit(raw); err == nil {
			again, err := parseCommit(read.Payload)
			if err != nil || again.Message != read.Message || again.By != read.By || len(again.Signature) > 0 || !bytes.Equal(again.Payload, read.Payload) {
				t.Errorf("the payload alone is read as %+v, %v", again, err)
			}
		}
	})
}
