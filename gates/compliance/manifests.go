package compliance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	goyaml "go.yaml.in/yaml/v2"
	"sigs.k8s.io/yaml"
)

// Bounds on manifests. What is rendered for a model is a dozen objects.
const (
	maxManifests     = 1000    // files
	maxManifestBytes = 4 << 20 // of one file
	maxObjects       = 2000    // of all files
)

// object is one Kubernetes object as it will be applied.
type object map[string]any

// name is the object as people write it: Deployment/predictor.
func (o object) name() string {
	metadata, _ := o["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	kind, _ := o["kind"].(string)
	return kind + "/" + name
}

// readObjects reads every object of every manifest, in the order of their files.
func readObjects(tree fs.FS) ([]object, error) {
	if tree == nil {
		return nil, errors.New("nothing was rendered")
	}
	var all []object
	files := 0
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !applied(name) {
			return err
		}
		if files++; files > maxManifests {
			return fmt.Errorf("there are more than %d files", maxManifests)
		}
		found, err := readManifest(tree, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if all = append(all, found...); len(all) > maxObjects {
			return fmt.Errorf("there are more than %d objects", maxObjects)
		}
		return nil
	})
	return all, err
}

// applied holds for files that Argo CD applies.
func applied(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

func readManifest(tree fs.FS, name string) ([]object, error) {
	file, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxManifestBytes+1))
	if err != nil {
		return nil, err
	}
	return parseObjects(text)
}

// parseObjects reads YAML as a cluster does: version 1.1, and no key twice,
// which two readers would read differently.
func parseObjects(text []byte) ([]object, error) {
	if len(text) > maxManifestBytes {
		return nil, fmt.Errorf("larger than %d bytes", maxManifestBytes)
	}
	decoder := goyaml.NewDecoder(bytes.NewReader(text))
	decoder.SetStrict(true)
	var all []object
	for {
		var document any
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if document == nil {
			continue
		}
		one, err := asObject(document)
		if err != nil {
			return nil, err
		}
		if all = append(all, one); len(all) > maxObjects {
			return nil, fmt.Errorf("more than %d objects", maxObjects)
		}
	}
}

// asObject gives a document the types that the API server would read.
func asObject(document any) (object, error) {
	text, err := goyaml.Marshal(document)
	if err != nil {
		return nil, err
	}
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	var one object
	if err := json.Unmarshal(data, &one); err != nil {
		return nil, fmt.Errorf("a document is no object: %w", err)
	}
	kind, _ := one["kind"].(string)
	if _, isList := one["items"]; kind == "" || isList {
		return nil, fmt.Errorf("a document of kind %q: each object is written out", label(kind))
	}
	return one, nil
}
