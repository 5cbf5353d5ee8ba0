package render

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"sigs.k8s.io/kustomize/api/types"
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

// checkComponent refuses a component that reaches beyond its folder. Kustomize
// itself would fetch URLs and clone repositories that a kustomization names.
func checkComponent(component fs.FS) error {
	entries, err := fs.ReadDir(component, ".")
	if err != nil {
		return err
	}
	if len(entries) > maxComponentFiles {
		return fmt.Errorf("it has more than %d files", maxComponentFiles)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || !plainFile.MatchString(entry.Name()) || info.Size() > maxComponentBytes {
			return fmt.Errorf("%q is not a YAML file of at most %d bytes", entry.Name(), maxComponentBytes)
		}
	}
	content, err := fs.ReadFile(component, "kustomization.yaml")
	if err != nil {
		return err
	}
	return checkKustomization(content)
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
