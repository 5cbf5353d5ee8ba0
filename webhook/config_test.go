package webhook

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

const admissionFile = `apiVersion: assay.dev/v1alpha1
kind: Admission
metadata: {name: local}
spec:
  modelRepositories: [registry.example.org:5000/models]
  environments: [{name: staging, profile: strict}]
  signers:
  - name: measurer
    predicates: [https://slsa.dev/provenance/v1]
    publicKey: |
%s`

// admission writes the file with a new key.
func admissionWithKey(t testing.TB) string {
	t.Helper()
	_, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(admissionFile, "      "+strings.ReplaceAll(strings.TrimSpace(string(public)), "\n", "\n      ")+"\n")
}

func TestParseConfiguration(t *testing.T) {
	configuration, err := ParseConfiguration([]byte(admissionWithKey(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if configuration.Repositories[0] != modelRepository || configuration.Profiles[staging] != "strict" || configuration.Trust[0].Name != "measurer" {
		t.Errorf("%+v", configuration)
	}
}

func TestAConfigurationThatCouldOpenADoorIsRefused(t *testing.T) {
	good := admissionWithKey(t)
	for claim, change := range map[string][2]string{
		"a misspelt field":                 {"environments:", "enviroments:"},
		"another kind":                     {"kind: Admission", "kind: Platform"},
		"no repository":                    {"[registry.example.org:5000/models]", "[]"},
		"a repository with a scheme":       {"[registry", "[https://registry"},
		"a repository that is only a host": {"5000/models]", "5000]"},
		"an environment without profile":   {", profile: strict", ""},
		"an environment twice":             {"[{name: staging, profile: strict}", "[{name: staging, profile: strict}, {name: staging, profile: lax}"},
		"a signer of nothing":              {"[https://slsa.dev/provenance/v1]", "[]"},
		"a key that is none":               {"BEGIN PUBLIC KEY", "BEGIN KEY"},
		"a workload that is read already":  {"spec:", "spec:\n  workloads: [{group: apps, version: v1, resource: deployments, kind: Deployment}]"},
		"a workload without a version":     {"spec:", "spec:\n  workloads: [{group: example.org, resource: trainings, kind: Training}]"},
		"a workload that is a subresource": {"spec:", "spec:\n  workloads: [{group: example.org, version: v1, resource: trainings/scale, kind: Training}]"},
		"a volume without a name":          {"spec:", "spec:\n  volumes: [{kind: nfs}]"},
		"a volume without a kind":          {"spec:", "spec:\n  volumes: [{name: reports}]"},
		"a volume with a * in its middle":  {"spec:", "spec:\n  volumes: [{kind: nfs, name: a*b}]"},
		"a volume that is a model":         {"spec:", "spec:\n  volumes: [{kind: image, name: '*'}]"},
		"a second object":                  {"spec:", "---\nspec:"},
		"an object after the end":          {"kind: Admission", "kind: Admission\n---\n{}\n---"},
	} {
		changed := strings.Replace(good, change[0], change[1], 1)
		if changed == good {
			t.Fatalf("%s: the change changes nothing", claim)
		}
		if _, err := ParseConfiguration([]byte(changed), nil); err == nil {
			t.Errorf("%s is accepted", claim)
		}
	}
}

func TestABrokenFileKeepsTheLastGoodConfiguration(t *testing.T) {
	file := filepath.Join(t.TempDir(), "admission.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := LoadSettings(t.Context(), file, NewMemory(), nil); err == nil {
		t.Fatal("a file that is not there is accepted at first")
	}
	good := admissionWithKey(t)
	write(good)
	settings, err := LoadSettings(t.Context(), file, NewMemory(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		text, profile   string
		changed, broken bool
	}{
		{good, "strict", false, false},
		{"kind: [", "strict", true, true},
		{"kind: [", "strict", false, false}, // told once, not every five seconds
		{strings.Replace(good, "strict", "stricter", 1), "stricter", true, false},
	} {
		write(step.text)
		changed, err := settings.reload(t.Context())
		if changed != step.changed || (err != nil) != step.broken || settings.Current().Profiles[staging] != step.profile {
			t.Errorf("%.20q: changed %t, error %v, profile %s", step.text, changed, err, settings.Current().Profiles[staging])
		}
	}
}

func TestANewKeyIsTrustedFromTheReloadOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "admission.yaml")
	memory, before := NewMemory(), admissionWithKey(t)
	if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := LoadSettings(t.Context(), file, memory, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := memory.trust[0].Key
	if err := os.WriteFile(file, []byte(admissionWithKey(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(memory.trust) != 1 || fmt.Sprint(memory.trust[0].Key) == fmt.Sprint(first) {
		t.Error("the old key is still trusted")
	}
}

func TestTheAdmissionFileNamesStorage(t *testing.T) {
	text := strings.Replace(admissionWithKey(t), "spec:", "spec:\n  volumes: [{kind: hostPath, name: /var/log/*, namespace: ward}]", 1)
	configuration, err := ParseConfiguration([]byte(text), nil)
	if err != nil || len(configuration.Volumes) != 1 || configuration.Volumes[0] != (subject.Storage{Kind: "hostPath", Name: "/var/log/*", Namespace: "ward"}) {
		t.Errorf("%+v, %v", configuration.Volumes, err)
	}
}

// FuzzParseConfiguration: what is accepted is complete, whatever the bytes.
func FuzzParseConfiguration(f *testing.F) {
	f.Add([]byte(admissionWithKey(f)))
	f.Add([]byte("kind: Admission\nspec: {}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		configuration, err := ParseConfiguration(content, nil)
		if err == nil && (len(configuration.Trust) == 0 || len(configuration.Profiles) == 0 || len(configuration.Repositories) == 0) {
			t.Errorf("%q leaves the door without trust, environments or repositories", content)
		}
	})
}
