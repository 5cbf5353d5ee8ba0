package main

import (
	"io"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/manifests"
)

// What the component adds to the webhook's arguments is understood, and turns
// the log on.
func TestTheComponentTurnsTheLogOn(t *testing.T) {
	text, err := manifests.System.ReadFile("system/components/admission-log/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var component struct {
		Patches []struct{ Patch string }
	}
	if err := yaml.Unmarshal(text, &component); err != nil {
		t.Fatal(err)
	}
	line := []string{"--config=c", "--self-signed"}
	for _, one := range component.Patches {
		var operations []struct{ Op, Path, Value string }
		if err := yaml.Unmarshal([]byte(one.Patch), &operations); err != nil {
			t.Fatal(err)
		}
		for _, operation := range operations {
			if operation.Op == "add" && strings.HasSuffix(operation.Path, "/args/-") {
				line = append(line, operation.Value)
			}
		}
	}
	_, more, err := parse(line, io.Discard)
	if err != nil || more.journal.dir == "" || more.journal.key == "" || more.journal.name != "$(POD_NAME)" {
		t.Errorf("%v gives %+v, %v", line, more.journal, err)
	}
}
