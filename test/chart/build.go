package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// part is a piece of the system that is wanted or not.
type part struct {
	name      string // of its folder, and of its template
	condition string // when it is wanted
	variants  []variant
}

// variant is a change to a part that is wanted or not.
type variant struct {
	condition string
	resource  string // builds the part, changed
	component string // changes the part; one of the two is given
}

const (
	whenCertManager  = ".Values.certManager.enabled"
	whenSealed       = ".Values.webhook.sealed"
	whenAdmissionLog = ".Values.webhook.log.enabled"
)

var parts = []part{
	{name: "namespace", condition: ".Values.namespace.create"},
	{name: "webhook", condition: ".Values.webhook.enabled", variants: []variant{
		{condition: whenCertManager, resource: "cert-manager"},
		{condition: whenSealed, component: "components/sealed"},
		{condition: whenAdmissionLog, component: "components/admission-log"},
	}},
	{name: "audit", condition: ".Values.audit.enabled"},
	{name: "floor", condition: ".Values.floor.enabled"},
	{name: "reconciler", condition: ".Values.reconciler.enabled"},
}

// object is one of Kubernetes, decoded.
type object = map[string]any

// source is manifests/system in memory, where kustomizations can be added to it.
type source struct{ files filesys.FileSystem }

func load(folder string) (source, error) {
	files := filesys.MakeFsInMemory()
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, name)
		if err != nil {
			return err
		}
		return files.WriteFile(filepath.Join("/system", relative), content)
	})
	return source{files}, err
}

// build is "kustomize build" of some resources with some components.
func (s source) build(resources, components []string) ([]object, error) {
	text := "resources:\n"
	for _, name := range resources {
		text += "- ../system/" + name + "\n"
	}
	text += "components:\n"
	for _, name := range components {
		text += "- ../system/" + name + "\n"
	}
	if err := s.files.WriteFile("/build/kustomization.yaml", []byte(text)); err != nil {
		return nil, err
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(s.files, "/build")
	if err != nil {
		return nil, fmt.Errorf("building %v with %v: %w", resources, components, err)
	}
	var objects []object
	for _, resource := range built.Resources() {
		one, err := resource.Map()
		if err != nil {
			return nil, err
		}
		objects = append(objects, one)
	}
	return objects, nil
}

// changed is a part as a variant of it has it.
func (s source) changed(one part, how variant) ([]object, error) {
	if how.component != "" {
		return s.build([]string{one.name}, []string{how.component})
	}
	all, err := s.build([]string{how.resource}, nil)
	if err != nil {
		return nil, err
	}
	rest, err := s.build([]string{"namespace", "crd", "audit", "reconciler"}, nil)
	if err != nil {
		return nil, err
	}
	return without(all, rest), nil
}

func without(all, some []object) []object {
	leave := map[string]bool{}
	for _, one := range some {
		leave[identity(one)] = true
	}
	var kept []object
	for _, one := range all {
		if !leave[identity(one)] {
			kept = append(kept, one)
		}
	}
	return kept
}
