package webhook

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// TestNoObjectTakesLong sends objects that are as large as they may be, and that
// were made to be slow to read. The search of an object ends at no deadline, so
// what is slow here would go on after the API server has given up: the first of
// these once took minutes. The bound is that of a machine with much else to do.
func TestNoObjectTakesLong(t *testing.T) {
	door := guarded(t, &txtar.Archive{})
	rollout := func(spec string) attempt {
		return attempt{Resource: "rollouts.argoproj.io", Operation: "CREATE", Namespace: clinic, Text: `{"spec":` + spec + `}`}
	}
	quoted := func(text string) string {
		written, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return `{"x":` + string(written) + `}`
	}
	long := strings.Repeat("k", 100)
	for claim, spec := range map[string]string{
		"fields below fields, and a list at the end": strings.Repeat(`{"`+long+`":`, 9000) + "[" + strings.Repeat(`"a",`, 400_000) + `"a"]` + strings.Repeat("}", 9000),
		"a list of numbers":                          `{"x":[` + strings.Repeat("1,", 1_400_000) + "1]}",
		"the host of the repository again and again": quoted(strings.Repeat("registry.example.org/", 140_000)),
		"nothing but slashes after the host":         quoted("registry.example.org" + strings.Repeat("/", 2_900_000)),
		"nothing but the ends of schemes":            quoted(strings.Repeat("://", 900_000)),
		"nothing but variables":                      quoted(strings.Repeat("$A", 1_400_000)),
		"nothing but percent signs":                  quoted(strings.Repeat("%25", 900_000)),
		"letters that grow":                          quoted(strings.Repeat("\uFDFA", 900_000)),
		"marks upon a letter":                        quoted("a" + strings.Repeat("\u0301", 1_400_000)),
	} {
		t.Run(claim, func(t *testing.T) {
			request := rollout(spec).request(t)
			if len(request.Object.Raw) > subject.MaxObject {
				t.Fatalf("%d bytes are refused unread", len(request.Object.Raw))
			}
			began := time.Now()
			response := door.Handle(t.Context(), request)
			took := time.Since(began)
			t.Logf("%s: %s", took.Round(time.Millisecond), abridged(response))
			if took > 4*reviewTime {
				t.Errorf("it took %s", took)
			}
		})
	}
}
