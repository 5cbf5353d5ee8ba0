package load

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// What the peers are told of a crowd. They cannot verify evidence, so they get
// the outcome: which digests are admissible, and by which image each is served.

// Inventory writes the objects that Gatekeeper would have synced: releases under
// ENVIRONMENT.DIGEST, because its rules can look up objects by name only.
func (c Crowd) Inventory(file string) error {
	environment := c.Delivered.Release.Spec.Environment
	objects := []any{map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "assay"}, "data": map[string]any{"repository": c.Configuration.Repositories[0]},
	}}
	for namespace, environment := range c.Environments() {
		objects = append(objects, map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{
			"name": namespace, "labels": map[string]any{"assay.dev/environment": environment},
		}})
	}
	for i := range c.Known {
		subject := Subject(i)
		objects = append(objects, map[string]any{
			"apiVersion": "assay.dev/v1alpha1", "kind": "Release", "metadata": map[string]any{"name": environment + "." + string(subject.Digest)},
			"spec": c.outcome(i),
		})
	}
	return writeJSON(file, objects)
}

// Data writes what an OPA server loads as its data.
func (c Crowd) Data(file string) error {
	releases := map[string]any{}
	for i := range c.Known {
		releases[string(Subject(i).Digest)] = c.outcome(i)
	}
	return writeJSON(file, map[string]any{
		"repository": c.Configuration.Repositories[0],
		"namespaces": c.Environments(),
		"releases":   map[string]any{c.Delivered.Release.Spec.Environment: releases},
	})
}

func (c Crowd) outcome(i int) map[string]any {
	subject := Subject(i)
	return map[string]any{"model": subject.Name, "digest": string(subject.Digest), "image": digestOf(c.Image()), "admitted": true}
}

func writeJSON(file string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
