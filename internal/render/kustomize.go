package render

import (
	"fmt"
	"io/fs"
	"maps"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/manifests"
)

// Where things are in the file system that kustomize sees.
const (
	servingFolder   = "/serving"
	componentFolder = "/component"
	chosenFolder    = "/chosen"
	releaseFolder   = "/release"
	chosenFile      = "chosen.yaml"
)

func copyServing(memory filesys.FileSystem) error {
	return fs.WalkDir(manifests.Serving, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(manifests.Serving, name)
		if err != nil {
			return err
		}
		return memory.WriteFile("/"+name, content)
	})
}

// build runs kustomize twice. What a profile chooses is most of the work and the
// same for every model that has it; what a release fills in is its own, and what
// of that are mere words is the same for all of them too, until they are filled in.
func (c *Cache) build(release Release) ([]byte, error) {
	chosen, err := c.choose(release)
	if err != nil {
		return nil, err
	}
	if release.Component != nil {
		if err := present(chosen, release.pins()); err != nil {
			return nil, err
		}
	}
	form, can := formOf(release, chosen)
	if !can {
		return c.fill(chosen, release)
	}
	rendered, err := c.fill(chosen, form.release)
	if err != nil {
		return nil, err
	}
	return []byte(form.words.Replace(string(rendered))), nil
}

// fill makes the objects a release's own.
func (c *Cache) fill(chosen []byte, release Release) ([]byte, error) {
	overlay, err := overlayOf(release, chosenFile)
	if err != nil {
		return nil, err
	}
	memory := filesys.MakeFsInMemory()
	if err := memory.WriteFile(releaseFolder+"/"+chosenFile, chosen); err != nil {
		return nil, err
	}
	if err := writeKustomization(memory, releaseFolder, overlay); err != nil {
		return nil, err
	}
	return c.kustomize(memory, releaseFolder)
}

// choose gives the objects of a profile and a component, nameless still.
func (c *Cache) choose(release Release) ([]byte, error) {
	memory := filesys.MakeFsInMemory()
	if err := writeChoice(memory, release); err != nil {
		return nil, err
	}
	return c.kustomize(memory, chosenFolder)
}

// writeChoice writes the kustomization that chooses, and all that it may read.
func writeChoice(memory filesys.FileSystem, release Release) error {
	kustomization := types.Kustomization{
		TypeMeta:  types.TypeMeta{APIVersion: types.KustomizationVersion, Kind: types.KustomizationKind},
		Resources: []string{".." + servingFolder + "/overlays/" + release.Profile.overlay(release.Replicas)},
	}
	for _, name := range release.Profile.components() {
		kustomization.Components = append(kustomization.Components, ".."+servingFolder+"/components/"+name)
	}
	if err := copyServing(memory); err != nil {
		return err
	}
	if release.Component != nil {
		files, err := readComponent(release.Component)
		if err != nil {
			return fmt.Errorf("the component: %w", err)
		}
		for name, content := range files {
			if err := memory.WriteFile(componentFolder+"/"+name, content); err != nil {
				return err
			}
		}
		kustomization.Components = append(kustomization.Components, ".."+componentFolder)
	}
	return writeKustomization(memory, chosenFolder, kustomization)
}

func writeKustomization(memory filesys.FileSystem, folder string, kustomization types.Kustomization) error {
	encoded, err := yaml.Marshal(kustomization)
	if err != nil {
		return err
	}
	return memory.WriteFile(folder+"/kustomization.yaml", encoded)
}

func kustomize(files filesys.FileSystem, folder string) ([]byte, error) {
	options := krusty.MakeDefaultOptions() // plugins are off, and files stay below their root
	options.Reorder = krusty.ReorderOptionLegacy
	resources, err := krusty.MakeKustomizer(options).Run(files, folder)
	if err != nil {
		return nil, err
	}
	return resources.AsYaml()
}

// overlayOf is the innermost truth of a release as a kustomization: which
// model, which image, how many. It is applied last.
func overlayOf(release Release, chosen string) (types.Kustomization, error) {
	overlay := types.Kustomization{
		TypeMeta:   types.TypeMeta{APIVersion: types.KustomizationVersion, Kind: types.KustomizationKind},
		Namespace:  release.Namespace,
		NamePrefix: release.Model + "-",
		Resources:  []string{chosen},
		Labels:     []types.Label{{Pairs: release.identity(), IncludeSelectors: true}},
	}
	for _, pin := range release.pins() {
		patch, err := pin.patch()
		if err != nil {
			return types.Kustomization{}, err
		}
		overlay.Patches = append(overlay.Patches, patch)
	}
	if len(release.Labels) > 0 {
		overlay.Labels = append(overlay.Labels, types.Label{Pairs: maps.Clone(release.Labels), IncludeTemplates: true})
	}
	if release.Replicas > 0 && release.Profile.Runtime != KServe {
		overlay.Replicas = []types.Replica{{Name: "serving", Count: int64(release.Replicas)}}
	}
	return overlay, nil
}
