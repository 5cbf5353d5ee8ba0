// Package manifest reads rendered Kubernetes objects as a cluster would read
// them: YAML 1.1, no key twice, each object written out. It knows form and no
// meaning, and must never import Kubernetes.
package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"

	goyaml "go.yaml.in/yaml/v2"
	"sigs.k8s.io/yaml"
)

// Bounds on one file. What is rendered for a model is a dozen objects; a check of
// one takes about ten milliseconds.
const (
	MaxBytes   = 4 << 20
	MaxObjects = 2000
)

// Object is one Kubernetes object as it will be applied, as JSON decodes it.
type Object map[string]any

// Name is the object as people write it: Deployment/predictor.
func (o Object) Name() string {
	metadata, _ := o["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	return fmt.Sprintf("%v/%s", o["kind"], name)
}

// Applied holds for files that Argo CD applies.
func Applied(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// Read reads every object of a file. Other parsers split files at "---\n"
// exactly and read YAML 1.2, so that "--- # next" would hide an object from them
// and "privileged: yes" would be a word; kubectl and Argo CD read YAML 1.1.
func Read(file io.Reader) ([]Object, error) {
	text, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

// Parse is Read of what is in memory.
func Parse(text []byte) ([]Object, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("larger than %d bytes", MaxBytes)
	}
	decoder := goyaml.NewDecoder(bytes.NewReader(text))
	decoder.SetStrict(true) // a key written twice is read differently by different readers
	var objects []Object
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
		object, err := typed(document)
		if err != nil {
			return nil, err
		}
		if objects = append(objects, object); len(objects) > MaxObjects {
			return nil, fmt.Errorf("more than %d objects", MaxObjects)
		}
	}
}

// typed gives a document the types that the API server would read.
func typed(document any) (Object, error) {
	text, err := goyaml.Marshal(document)
	if err != nil {
		return nil, err
	}
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	var object Object
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, fmt.Errorf("a document is not a Kubernetes object: %w", err)
	}
	kind, _ := object["kind"].(string)
	if _, list := object["items"]; kind == "" || list {
		return nil, fmt.Errorf("a document of kind %.80q hides objects from the checks: write each object out", kind)
	}
	return object, nil
}
