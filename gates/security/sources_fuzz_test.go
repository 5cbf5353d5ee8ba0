package security

import (
	"encoding/json"
	"testing"
	"time"
)

// FuzzADockerfileIsReadOrRefused: whatever it holds, it is refused, or it is a
// bounded number of instructions that the checks can read.
func FuzzADockerfileIsReadOrRefused(f *testing.F) {
	f.Add([]byte(safeDockerfile))
	f.Add([]byte("# escape=`\nFROM scratch\nRUN <<EOF\nid\nEOF\n"))
	f.Add([]byte("FROM a\nONBUILD RUN [\"a\"]\nCOPY <<-x <<y /\nx\ny\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		parsed, err := parseDockerfile(t.Context(), "Dockerfile", content)
		if err != nil {
			return
		}
		text, err := json.Marshal(parsed.ToRego())
		if err != nil || len(parsed.Stages) == 0 || len(text) > 100*len(content)+10_000 {
			t.Errorf("%q is %s, %v", content, text, err)
		}
	})
}

// FuzzTerraformIsEvaluatedOrTold: whatever it holds, this process lives, and
// within its patience there is an answer or a reason.
func FuzzTerraformIsEvaluatedOrTold(f *testing.F) {
	f.Add([]byte(bucket))
	f.Add([]byte("module \"x\" {\n source = \"./\"\n}"))
	f.Add([]byte("locals { a = [for i in range(9) : \"${i}\"] }\nresource \"a\" \"b\" {\n count = length(local.a)\n dynamic \"c\" {\n for_each = local.a\n content {}\n }\n}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		started := time.Now()
		answer, err := evaluation{Files: map[string][]byte{"a/main.tf": content}, Folder: "a"}.evaluate(t.Context(), 5*time.Second)
		if err == nil && answer.State == nil && len(answer.Unread) == 0 && len(content) > 0 {
			t.Errorf("%q is nothing", content)
		}
		if took := time.Since(started); took > 10*time.Second {
			t.Errorf("%q took %s", content, took)
		}
	})
}
