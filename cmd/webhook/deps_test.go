package main

import (
	"flag"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite deps.txt")

// forbidden is what the door must never link, by the start of the module path,
// and why.
var forbidden = map[string]string{
	"github.com/aquasecurity/trivy":          "the door reads what the scanner found; it does not scan",
	"github.com/argoproj/":                   "the door does not know who syncs",
	"github.com/duckdb/":                     "the door sees no patient data",
	"github.com/go-git/":                     "the door reads no repository",
	"github.com/google/go-containerregistry": "evidence comes as Release objects; no registry is asked during a review",
	"oras.land/":                             "evidence comes as Release objects; no registry is asked during a review",
	"github.com/docker/":                     "the door runs no container",
	"gonum.org/":                             "the door measures nothing",
	"sigs.k8s.io/kustomize":                  "the door renders nothing",
	"helm.sh/":                               "the door renders nothing",
}

// builds are the doors that can be built: what each links, what it imports of
// ours, and what it may link nevertheless.
var builds = []struct {
	tags, file       string
	imports, despite []string
}{
	{"", "deps.txt", nil, nil},
	// Sigstore takes the names of images apart with it; the registry's client is another package of the module.
	{"keyless", "deps_keyless.txt", []string{"internal/keyless"}, []string{registryClient}},
	// Credentials are where docker's command keeps them, and its module reads them.
	{"registry", "deps_registry.txt", []string{"internal/oci"}, []string{registryClient, dockerConfig, dockerHelpers}},
	{"keyless,registry", "deps_keyless_registry.txt", []string{"internal/keyless", "internal/oci"}, []string{registryClient, dockerConfig, dockerHelpers}},
}

const (
	registryClient = "github.com/google/go-containerregistry"
	dockerConfig   = "github.com/docker/cli"
	dockerHelpers  = "github.com/docker/docker-credential-helpers"
)

// TestDependencies makes growth of the door a visible change: whatever is
// linked here can be reached by everyone who can create a pod.
func TestDependencies(t *testing.T) {
	for _, build := range builds {
		t.Run(build.file, func(t *testing.T) { dependencies(t, build.tags, build.file, build.despite) })
	}
}

func dependencies(t *testing.T, tags, file string, despite []string) {
	listed, err := exec.Command("go", "list", "-tags", tags, "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(listed))
	slices.Sort(modules)
	modules = slices.Compact(modules)
	for _, module := range modules {
		for start, why := range forbidden {
			if strings.HasPrefix(module, start) && !slices.Contains(despite, module) {
				t.Errorf("the webhook links %s: %s\nhint: go list -deps -json ./cmd/webhook tells who imports it", module, why)
			}
		}
	}
	got := strings.Join(modules, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the webhook links other modules than %s says\nhint: if that is meant: go test ./cmd/webhook -run TestDependencies -args -update, and explain the difference in the commit\ngot:\n%s", file, got)
	}
}

// TestTheDoorKnowsNoMeasurer holds the same law inside this module.
func TestTheDoorKnowsNoMeasurer(t *testing.T) {
	for _, build := range builds {
		t.Run(build.file, func(t *testing.T) { measurers(t, build.tags, build.imports) })
	}
}

func measurers(t *testing.T, tags string, also []string) {
	listed, err := exec.Command("go", "list", "-tags", tags, "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.ImportPath}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/mlops-clinical-trials/assay/"
	allowed := append([]string{"api/kube", "api/v1alpha1", "cmd/webhook", "evidence", "gates", "gates/judge", "internal/auditlog", "internal/calendar", "internal/lifecycle", "internal/trust", "policies", "webhook", "webhook/audit", "webhook/certificate", "webhook/floor", "webhook/subject"}, also...)
	for _, name := range strings.Fields(string(listed)) {
		if !slices.Contains(allowed, strings.TrimPrefix(name, module)) {
			t.Errorf("the webhook imports %s; it may know only %v", name, allowed)
		}
	}
}
