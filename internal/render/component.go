package render

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"sigs.k8s.io/kustomize/api/types"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"
)

// Bounds on a component.
const (
	maxComponentFiles = 64
	maxComponentBytes = 1 << 20 // of one file
)

// plainFile is a file beside the kustomization. It has no slash and no colon,
// so it cannot be a URL, a repository or a way out of the folder.
var plainFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml$`)

// allowedFields of a component's kustomization. Everything else is refused by
// not being here: generators, transformers, validators and helmCharts run
// programs; crds, configurations and openapi may be URLs; images, replicas,
// namespace and names belong to the release.
var allowedFields = map[string]bool{
	"apiVersion": true, "kind": true, "resources": true, "patches": true, "commonAnnotations": true,
}

// readComponent refuses a component that reaches beyond its folder: a folder
// below, a link, a program. Kustomize itself would fetch URLs and clone
// repositories that a kustomization names. What was checked is what is used.
func readComponent(component fs.FS) (map[string][]byte, error) {
	entries, err := fs.ReadDir(component, ".")
	if err != nil {
		return nil, err
	}
	if len(entries) > maxComponentFiles {
		return nil, fmt.Errorf("it has more than %d files", maxComponentFiles)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !plainFile.MatchString(entry.Name()) {
			return nil, fmt.Errorf("%q is not a YAML file", entry.Name())
		}
		if files[entry.Name()], err = readPlain(component, entry.Name()); err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
	}
	return files, checkKustomization(files["kustomization.yaml"])
}

// readPlain refuses aliases: nine lines of them expand to gigabytes, and a
// manifest needs none.
func readPlain(component fs.FS, name string) ([]byte, error) {
	file, err := component.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errors.New("it is no plain file"))
	}
	content, err := io.ReadAll(io.LimitReader(file, maxComponentBytes+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxComponentBytes {
		return nil, fmt.Errorf("it has more than %d bytes", maxComponentBytes)
	}
	return content, refuseAliases(content)
}

func refuseAliases(content []byte) error {
	documents := kyaml.NewDecoder(bytes.NewReader(content))
	for {
		var document kyaml.Node
		if err := documents.Decode(&document); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if hasAlias(&document) {
			return errors.New("YAML aliases are not allowed here: write the value where it belongs")
		}
	}
}

func hasAlias(node *kyaml.Node) bool {
	return node.Kind == kyaml.AliasNode || slices.ContainsFunc(node.Content, hasAlias)
}

func checkKustomization(content []byte) error {
	var fields map[string]any
	if err := yaml.UnmarshalStrict(content, &fields); err != nil {
		return fmt.Errorf("kustomization.yaml: %w", err)
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if !allowedFields[field] {
			return fmt.Errorf("kustomization.yaml: the field %.80q is not allowed here", field)
		}
	}
	var kustomization types.Kustomization
	if err := yaml.UnmarshalStrict(content, &kustomization); err != nil {
		return fmt.Errorf("kustomization.yaml: %w", err)
	}
	if kustomization.Kind != types.ComponentKind {
		return errors.New("kustomization.yaml: the kind must be Component")
	}
	return checkNames(kustomization)
}

func checkNames(kustomization types.Kustomization) error {
	names := slices.Clone(kustomization.Resources)
	for _, patch := range kustomization.Patches {
		if patch.Path != "" {
			names = append(names, patch.Path)
		}
	}
	for _, name := range names {
		if !plainFile.MatchString(name) {
			return fmt.Errorf("kustomization.yaml: %.80q is not a file beside it; nothing is fetched from elsewhere", name)
		}
	}
	return nil
}
