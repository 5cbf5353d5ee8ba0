package security

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	goyaml "go.yaml.in/yaml/v2"
	"sigs.k8s.io/yaml"
)

// manifest is one Kubernetes object as it will be applied.
type manifest struct {
	file   string
	object map[string]any
}

// name is the object as people write it: Deployment/predictor.
func (m manifest) name() string {
	metadata, _ := m.object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return fmt.Sprintf("%v/%s", m.object["kind"], name)
}

// readManifests reads every object of every file.
func readManifests(ctx context.Context, tree fs.FS) ([]manifest, error) {
	var manifests []manifest
	_, err := eachFile(ctx, tree, func(file string, content io.Reader) error {
		switch path.Ext(file) {
		case ".yaml", ".yml", ".json":
		default:
			return nil // Argo CD applies no other file
		}
		data, err := io.ReadAll(io.LimitReader(content, maxManifestBytes+1))
		if err != nil {
			return err
		}
		objects, err := parseObjects(data)
		for _, object := range objects {
			manifests = append(manifests, manifest{file, object})
		}
		return err
	})
	return manifests, err
}

// parseObjects reads YAML as a cluster does. Trivy's own parser splits files at
// "---\n" exactly and reads YAML 1.2, so "--- # next" would hide an object from
// it and "privileged: yes" would be a word; kubectl and Argo CD read YAML 1.1.
func parseObjects(data []byte) ([]map[string]any, error) {
	if len(data) > maxManifestBytes {
		return nil, fmt.Errorf("larger than %d bytes", maxManifestBytes)
	}
	decoder := goyaml.NewDecoder(bytes.NewReader(data))
	decoder.SetStrict(true) // a key written twice is read differently by different readers
	var objects []map[string]any
	for {
		var document any
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, err
		}
		if document == nil {
			continue
		}
		object, err := asObject(document)
		if err != nil {
			return nil, err
		}
		if objects = append(objects, object); len(objects) > maxObjects {
			return nil, fmt.Errorf("more than %d objects", maxObjects)
		}
	}
}

func asObject(document any) (map[string]any, error) {
	text, err := goyaml.Marshal(document)
	if err != nil {
		return nil, err
	}
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, fmt.Errorf("a document is not a Kubernetes object: %w", err)
	}
	kind, _ := object["kind"].(string)
	if _, list := object["items"]; kind == "" || list {
		return nil, fmt.Errorf("a document of kind %q hides objects from the checks: write each object out", kind)
	}
	return object, nil
}
