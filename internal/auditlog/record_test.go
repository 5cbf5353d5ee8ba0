package auditlog

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func TestARecordHasOneText(t *testing.T) {
	record := denial(1)
	record.Time = time.Date(2026, 1, 1, 1, 1, 0, 999, time.FixedZone("", 3600))
	text, err := record.Encode()
	want := `{"kind":"verdict","time":"2026-01-01T00:01:00Z","commit":"c1","actor":"emil@example.org","environment":"staging",` +
		`"subject":{"name":"tumour","digest":"` + string(evidence.Sum([]byte{1})) + `"},"allowed":false,"evaluated":90,` +
		`"findings":[{"rule":"model.bias.equal_opportunity","state":"failed","severity":"deny","message":"gap may be 0.12, limit 0.10"}],` +
		`"policy":"sha256:p","evidence":["` + string(evidence.Sum([]byte("bias"))) + `"]}`
	if err != nil || string(text) != want {
		t.Fatalf("%v\n%s\n%s", err, text, want)
	}
	for name, change := range map[string]func(string) string{
		"a key twice": func(s string) string {
			return strings.Replace(s, `"allowed":false`, `"allowed":false,"allowed":false`, 1)
		},
		"a key in other case": func(s string) string { return strings.Replace(s, `"allowed"`, `"Allowed"`, 1) },
		"an unknown key":      func(s string) string { return strings.Replace(s, `"allowed"`, `"patient":"p1","allowed"`, 1) },
		"a blank":             func(s string) string { return s + " " },
		"another order": func(s string) string {
			return strings.Replace(strings.Replace(s, `"allowed":false,`, "", 1), `"evaluated":90`, `"evaluated":90,"allowed":false`, 1)
		},
		"another zone": func(s string) string { return strings.Replace(s, `00:01:00Z`, `01:01:00+01:00`, 1) },
		"no findings": func(string) string {
			text, _ := denial(0).Encode()
			return strings.Replace(string(text), `[]`, `null`, 1)
		},
		"not UTF-8":       func(s string) string { return strings.Replace(s, "gap", "g\xff", 1) },
		"a broken digest": func(s string) string { return strings.Replace(s, "sha256:", "sha512:", 1) },
		"another kind":    func(s string) string { return strings.Replace(s, `"verdict"`, `"rumour"`, 1) },
		"half of it":      func(s string) string { return s[:len(s)/2] },
		"two of it":       func(s string) string { return s + s },
		"a number":        func(string) string { return "1" },
		"nothing":         func(string) string { return "" },
	} {
		if changed := change(want); changed == want {
			t.Errorf("%s: nothing was changed", name)
		} else if record, err := Decode([]byte(changed)); err == nil {
			t.Errorf("%s was read as %+v", name, record)
		}
	}
}

func TestARecordMustSayWhatItIsAbout(t *testing.T) {
	for name, change := range map[string]func(*Record){
		"kind":          func(r *Record) { r.Kind = "" },
		"time":          func(r *Record) { r.Time = time.Time{} },
		"far time":      func(r *Record) { r.Time = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"environment":   func(r *Record) { r.Environment = "" },
		"subject":       func(r *Record) { r.Subject.Name = "" },
		"digest":        func(r *Record) { r.Subject.Digest = "sha256:1" },
		"evidence":      func(r *Record) { r.Evidence = []evidence.Digest{"x"} },
		"rule":          func(r *Record) { r.Findings[0].Rule = "" },
		"count":         func(r *Record) { r.Evaluated = -1 },
		"long name":     func(r *Record) { r.Actor = strings.Repeat("x", maxName+1) },
		"loose name":    func(r *Record) { r.Commit = "\xff" },
		"many findings": func(r *Record) { r.Findings = repeated(r.Findings[0], 1200) },
	} {
		record := denial(1)
		change(&record)
		if text, err := record.Encode(); err == nil {
			t.Errorf("%s: %.200s", name, text)
		}
	}
}

func repeated(finding Finding, count int) []Finding { return slices.Repeat([]Finding{finding}, count) }

// Which rules denied is never left out; how they put it may be shortened.
func TestLongMessagesAreShortenedUntilTheRecordFits(t *testing.T) {
	record := denial(1)
	record.Findings = repeated(record.Findings[0], 300)
	for i := range record.Findings {
		record.Findings[i].Message = "\xff" + strings.Repeat("ä<", 400)
	}
	text, err := record.Encode()
	if err != nil || len(text) > maxRecord {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	read, err := Decode(text)
	if err != nil || len(read.Findings) != 300 {
		t.Fatalf("%d findings, %v", len(read.Findings), err)
	}
	if message := read.Findings[299].Message; !strings.HasPrefix(message, "\uFFFDä<") || !utf8.ValidString(message) {
		t.Errorf("the message is %q", message)
	}
	if len(record.Findings[0].Message) != 1201 {
		t.Error("the record of the caller was changed")
	}
}

func FuzzARecordHasOneReading(f *testing.F) {
	for n := range 3 {
		text, err := denial(n).Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		record, err := Decode(text)
		if err != nil {
			return
		}
		if again, err := record.Encode(); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s is written %s, %v", text, again, err)
		}
	})
}

func FuzzACheckpointIsWhatWasSigned(f *testing.F) {
	private, public := key(f)
	dir := grown(f, private, 2)
	signed, err := folder(dir).read("checkpoint", maxCheckpoint)
	if err != nil {
		f.Fatal(err)
	}
	verifier, err := verifierOf(public, "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add(bytes.Replace(signed, []byte("\n2\n"), []byte("\n02\n"), 1))
	f.Fuzz(func(t *testing.T, text []byte) {
		if now, err := openCheckpoint(text, verifier); err == nil && !bytes.Equal(text, signed) {
			t.Errorf("%q is believed to be %s", text, now)
		}
	})
}

// Who broke a glass stands with the admission that it made possible, and is found
// by the digest of what was signed. What was written before there was any is read.
func TestAnAdmissionNamesTheGlassThatWasBroken(t *testing.T) {
	bundle := evidence.Sum([]byte("bundle"))
	record := Record{
		Kind: Admission, Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Subject: evidence.Subject{Name: "Pod clinic/serve"}, Allowed: true,
		Admission: &Review{UID: "u-1", Operation: "CREATE", Outcome: "allowed", Glass: []evidence.Digest{bundle}},
	}
	text, err := record.Encode()
	if err != nil || !strings.Contains(string(text), `"outcome":"allowed","glass":["`+string(bundle)+`"]}`) {
		t.Fatalf("%s, %v", text, err)
	}
	if again, err := Decode(text); err != nil || !again.Names(bundle) || again.Names(evidence.Sum([]byte("another"))) {
		t.Errorf("it was read as %+v, %v", again, err)
	}
	before := strings.Replace(string(text), `,"glass":["`+string(bundle)+`"]`, "", 1)
	if again, err := Decode([]byte(before)); err != nil || again.Names(bundle) {
		t.Errorf("%s was read as %+v, %v", before, again, err)
	}
	record.Admission.Glass[0] = "latest"
	if _, err := record.Encode(); err == nil {
		t.Error("a glass without a digest was written")
	}
}
