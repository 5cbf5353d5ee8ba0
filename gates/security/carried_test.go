package security_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// access is an AWS access key that does not exist. It is put together here so
// that no secret scanner finds one in this file.
var access = strings.Join([]string{"AKIA", "Q3EGRZ5T", "7WXK2LNV"}, "")

func TestASecretIsFoundAndNotRepeated(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	secret := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  bucket: " + access + "\n"
	candidate.Manifests = fstest.MapFS{
		"predictor.yaml": {Data: []byte(deployment)},
		"settings.yaml":  {Data: []byte(secret)},
	}
	candidate.ModelFiles = fstest.MapFS{
		"examples/notes.md": {Data: []byte("key " + access + " here\n")}, // where Trivy would not look
	}
	all := measure(t, clinic.gate, candidate)
	if got := value(t, all, "secrets", ""); got.Value != "2" || got.N != 3 {
		t.Errorf("secrets is %+v", got)
	}
	value(t, all, "secret", "aws-access-key-id manifests/settings.yaml:5")
	value(t, all, "secret", "aws-access-key-id model/examples/notes.md:1")
	if strings.Contains(text(t, all), access) {
		t.Error("a measurement holds the secret")
	}
}

func TestAMisconfiguredPodIsNamed(t *testing.T) {
	privileged := strings.Replace(deployment, "privileged: false", "privileged: yes", 1)
	for claim, manifest := range map[string]struct{ text, name string }{
		"a privileged container": {privileged, "Deployment/predictor"},
		"behind a separator with a comment": {
			"apiVersion: v1\nkind: Namespace\nmetadata: {name: models}\n--- # next\n" + privileged, "Deployment/predictor"},
		"in a rollout, which the checks do not know": {
			strings.NewReplacer("apps/v1", "argoproj.io/v1alpha1", "Deployment", "Rollout").Replace(privileged),
			"Rollout/predictor"},
	} {
		t.Run(claim, func(t *testing.T) {
			clinic := newClinic(t)
			candidate := clinic.candidate(t, "3.0.2")
			candidate.Manifests = fstest.MapFS{"predictor.yaml": {Data: []byte(manifest.text)}}
			all := measure(t, clinic.gate, candidate)
			if got := value(t, all, "misconfigurations", "high"); got.Value != "1" || got.N == 0 {
				t.Errorf("misconfigurations is %+v", got)
			}
			got := value(t, all, "misconfiguration", "KSV-0017 "+manifest.name)
			if got.Method == "" {
				t.Errorf("misconfiguration is %+v", got)
			}
		})
	}
}

func TestAHostPathIsCounted(t *testing.T) {
	clinic := newClinic(t)
	clean := clinic.candidate(t, "3.0.2")
	mounted := clean
	mounted.Manifests = fstest.MapFS{"predictor.yaml": {Data: []byte(
		deployment + "      volumes:\n      - {name: node, hostPath: {path: /var/run/docker.sock}}\n")}}
	count := func(all []evidence.Measurement) (total float64) {
		for _, severity := range []string{"critical", "high", "medium", "low"} {
			total += value(t, all, "misconfigurations", severity).Value.Float()
		}
		return total
	}
	before, after := measure(t, clinic.gate, clean), measure(t, clinic.gate, mounted)
	if count(after) <= count(before) {
		t.Errorf("before %s\nafter %s", text(t, before), text(t, after))
	}
}

func TestAPickleIsCodeUnderAnyName(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	candidate.ModelFiles = fstest.MapFS{
		"model.bin":    {Data: []byte("\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins.")},
		"model.joblib": {Data: []byte("compressed")},
		"model.json":   {Data: []byte(`{}`)},
		"empty":        {},
	}
	all := measure(t, clinic.gate, candidate)
	if got := value(t, all, "code_carrying_files", ""); got.Value != "2" || got.N != 4 {
		t.Errorf("code_carrying_files is %+v", got)
	}
	value(t, all, "code_carrying_file", "model.bin")
	value(t, all, "code_carrying_file", "model.joblib")
}

// model is a folder of two honest files, and one more.
func model(name, content string) fstest.MapFS {
	return fstest.MapFS{
		"a.json": {Data: []byte(`{"weights": ["0.25"]}`)}, "b.json": {Data: []byte(`{}`)}, name: {Data: []byte(content)},
	}
}

func TestWhatAModelFileDoesIsNamed(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	candidate.ModelFiles = model("model.json", "cposix\nsystem\n(S'id'\ntR.")
	all := measure(t, clinic.gate, candidate)
	for _, want := range []struct{ name, group, value, method string }{
		{"model_files", "", "3", ""},
		{"model_format", "json", "2", "a.json"},
		{"model_format", "pickle", "1", "model.json"},
		{"code_carrying_file", "model.json", "1", "pickle"},
		{"model_file_findings", "", "3", ""},
		{"model_file_finding", "model.json: imports posix.system", "1", "at byte 0"},
		{"model_file_finding", "model.json: calls posix.system", "1", "at byte 22"},
		{"model_file_finding", "model.json: disguised the name says json, the content is pickle", "1", "at byte 0"},
	} {
		got := value(t, all, want.name, want.group)
		if string(got.Value) != want.value || got.Method != want.method {
			t.Errorf("%s %q is %+v", want.name, want.group, got)
		}
	}
}

func TestATemplateIsNotedAndNoFault(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	key := "tokenizer.chat_template"
	candidate.ModelFiles = model("m.gguf", "GGUF\x03\x00\x00\x00"+strings.Repeat("\x00", 8)+"\x01"+strings.Repeat("\x00", 7)+
		string(rune(len(key)))+strings.Repeat("\x00", 7)+key+"\x08\x00\x00\x00\x01"+strings.Repeat("\x00", 7)+"x")
	all := measure(t, clinic.gate, candidate)
	if got := value(t, all, "model_file_findings", ""); got.Value != "0" {
		t.Errorf("model_file_findings is %+v", got)
	}
	value(t, all, "model_file_note", "m.gguf: template a chat template (Jinja), which the server fills in: tokenizer.chat_template")
}

func TestAllThatIsNamedFitsIntoOneStatement(t *testing.T) {
	clinic := newClinic(t)
	candidate := clinic.candidate(t, "3.0.2")
	files := fstest.MapFS{}
	for n := range 600 {
		files[fmt.Sprintf("m%d", n)] = &fstest.MapFile{Data: []byte("cos\nsystem\n(S'id'\ntR.")}
	}
	candidate.ModelFiles = files
	all := measure(t, clinic.gate, candidate)
	named := map[string]int{}
	for _, one := range all {
		named[one.Name]++
	}
	if got := value(t, all, "code_carrying_files", ""); got.Value != "600" || named["code_carrying_file"] != 150 {
		t.Errorf("code_carrying_files is %+v, %d named", got, named["code_carrying_file"])
	}
	if got := value(t, all, "model_file_findings", ""); got.Value != "1200" || named["model_file_finding"] != 150 {
		t.Errorf("model_file_findings is %+v, %d named", got, named["model_file_finding"])
	}
}
