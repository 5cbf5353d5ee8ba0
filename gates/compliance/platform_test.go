package compliance

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

func run(controls v1alpha1.Controls) gates.Candidate {
	return gates.Candidate{Platform: v1alpha1.Platform{Spec: v1alpha1.PlatformSpec{Registry: "registry.example.org/assay", Controls: controls}}}
}

func TestWhoMayTrain(t *testing.T) {
	expect(t, told(t, measureBuilders(run(v1alpha1.Controls{Builders: []string{"https://b.example.org", "", "TBD", "https://a.example.org"}}))), map[string]string{
		"builders_allowed": "2", "builder_allowed https://a.example.org": "1", "builder_allowed https://b.example.org": "1"})
	expect(t, told(t, measureBuilders(run(v1alpha1.Controls{}))), map[string]string{"builders_allowed": "0"})
}

func TestHowTheRegistryIsSpokenTo(t *testing.T) {
	for registry, want := range map[string]struct{ value, method string }{
		"registry.example.org/assay":   {"1", "TLS"},
		"registry.example.org:5000":    {"1", "TLS"},
		"203.0.113.7:5000/assay":       {"1", "TLS"},
		"127.0.0.1:4711/assay":         {"1", "loopback: it does not leave the machine"},
		"localhost:5000/assay":         {"1", "loopback: it does not leave the machine"},
		"[::1]:5000":                   {"1", "loopback: it does not leave the machine"},
		"10.0.0.7:5000/assay":          {"0", "plain HTTP is spoken where TLS is not answered"},
		"192.168.1.2/assay":            {"0", "plain HTTP is spoken where TLS is not answered"},
		"registry.local:5000/assay":    {"0", "plain HTTP is spoken where TLS is not answered"},
		"localhost.example.org/assay":  {"1", "TLS"},
		"http://registry.example.org/": {"0", "no address of a registry"},
		"/assay":                       {"0", "no address of a registry"},
		"":                             {"0", "no address of a registry"},
	} {
		if got := measureTransport(registry); string(got.Value) != want.value || got.Method != want.method {
			t.Errorf("%q: %s, %s", registry, got.Value, got.Method)
		}
	}
}

func TestEncryptionThatIsDeclared(t *testing.T) {
	for version, want := range map[string]string{"1.2": "1.2", "1.3": "1.3", "1.0": "1", "1.10": "", "TLS 1.3": "", "": "", "2": ""} {
		values := told(t, measureEncryption(run(v1alpha1.Controls{Encryption: v1alpha1.Encryption{Key: "awskms:///alias/evidence", TLS: version}})))
		expect(t, values, map[string]string{"encryption_key": "1", "encryption_tls": want, "registry_protected": "1"})
	}
	expect(t, told(t, measureEncryption(run(v1alpha1.Controls{Encryption: v1alpha1.Encryption{Key: "none"}}))), map[string]string{"encryption_key": "0"})
}

// aLog is the key of a log, as one line, and what it signs.
func aLog(t testing.TB) (line string, sign func(text string) []byte) {
	t.Helper()
	private, line, err := note.GenerateKey(rand.Reader, "assay.dev/log/1")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return line, func(text string) []byte {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
}

var checkpoint = "assay.dev/log/1\n7\n" + base64.StdEncoding.EncodeToString(make([]byte, rootSize)) + "\n"

func logged(line string, shown []byte) gates.Candidate {
	candidate := run(v1alpha1.Controls{AuditLog: v1alpha1.AuditLog{PublicKey: line}})
	candidate.Checkpoint = shown
	return candidate
}

func TestTheLogThatIsWrittenIsTheDeclaredOne(t *testing.T) {
	line, sign := aLog(t)
	other, signOther := aLog(t)
	good := sign(checkpoint)
	for name, test := range map[string]struct {
		line   string
		shown  []byte
		signed string
	}{
		"its own checkpoint":       {line, good, "1"},
		"of another key":           {line, signOther(checkpoint), "0"},
		"another key is declared":  {other, good, "0"},
		"no key is declared":       {"", good, "0"},
		"one byte of it":           {line, []byte(strings.Replace(string(good), "\n7\n", "\n8\n", 1)), "0"},
		"empty":                    {line, []byte{}, "0"},
		"another log of the key":   {line, sign(strings.Replace(checkpoint, "log/1", "log/1/clinic", 1)), "0"},
		"a note that is no tree":   {line, sign("assay.dev/log/1\nseven\n" + checkpoint[18:]), "0"},
		"a root that is too short": {line, sign("assay.dev/log/1\n7\nAAAA\n"), "0"},
		"a root that is none":      {line, sign("assay.dev/log/1\n7\n?\n"), "0"},
		"without a root":           {line, sign("assay.dev/log/1\n7\n"), "0"},
		"larger than any":          {line, sign(checkpoint + strings.Repeat("x\n", maxCheckpoint)), "0"},
	} {
		values := told(t, measureAuditLog(logged(test.line, test.shown)))
		if values["audit_log_signed"] != test.signed || values["audit_log_written"] != "1" {
			t.Errorf("%s: %v", name, values)
		}
	}
}

func TestARehearsalHasAKeyAndNoLog(t *testing.T) {
	line, _ := aLog(t)
	for text, want := range map[string]string{line: "1", line[1:]: "0", line[:len(line)-4]: "0", "assay.dev/log/1": "0", "": "0"} {
		values := told(t, measureAuditLog(logged(text, nil)))
		if _, signed := values["audit_log_signed"]; values["audit_log_key"] != want || values["audit_log_written"] != "0" || signed {
			t.Errorf("%q: %v", text, values)
		}
	}
}

// FuzzAuditLog: whatever stands in assay.yaml, a checkpoint that its key has not
// signed is not signed, and what is measured is evidence.
func FuzzAuditLog(f *testing.F) {
	line, sign := aLog(f)
	f.Add(line, sign(checkpoint))
	f.Add("assay.dev/log/7c5ae6ccf4f392b3+d0df9b0e+ASrIA5EpKSUTEb1QWjwCGvfyfHpAY131TDD0c4a0HhS1", sign(checkpoint))
	f.Add("", []byte("a\n1\nb\n\n— a c\n"))
	f.Fuzz(func(t *testing.T, declared string, shown []byte) {
		values := told(t, measureAuditLog(logged(declared, shown)))
		if values["audit_log_signed"] == "1" && (values["audit_log_key"] != "1" || !strings.HasPrefix(declared, strings.SplitN(string(shown), "\n", 2)[0]+"+")) {
			t.Errorf("%q has signed %q: %v", declared, shown, values)
		}
	})
}
