package render

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/manifests"
)

// Where things are in the file system that kustomize sees.
const (
	servingFolder   = "/serving"
	componentFolder = "/component"
	releaseFolder   = "/release"
)

// build runs kustomize.
func build(release Release) ([]byte, error) {
	memory := filesys.MakeFsInMemory()
	if err := copyFiles(memory, "/", manifests.Serving); err != nil {
		return nil, err
	}
	overlay, err := overlayOf(release)
	if err != nil {
		return nil, err
	}
	if release.Component != nil {
		if err := checkComponent(release.Component); err != nil {
			return nil, fmt.Errorf("the component: %w", err)
		}
		if err := copyFiles(memory, componentFolder, release.Component); err != nil {
			return nil, err
		}
		overlay.Components = []string{"../component"}
	}
	encoded, err := yaml.Marshal(overlay)
	if err != nil {
		return nil, err
	}
	if err := memory.WriteFile(releaseFolder+"/kustomization.yaml", encoded); err != nil {
		return nil, err
	}
	options := krusty.MakeDefaultOptions() // plugins are off, and files stay below their root
	options.Reorder = krusty.ReorderOptionLegacy
	resources, err := krusty.MakeKustomizer(options).Run(memory, releaseFolder)
	if err != nil {
		return nil, err
	}
	return resources.AsYaml()
}

func copyFiles(memory filesys.FileSystem, folder string, files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return memory.WriteFile(strings.TrimSuffix(folder, "/")+"/"+name, content)
	})
}

// overlayOf is the innermost truth of a release as a kustomization: which
// model, which image, how many. It is applied last.
func overlayOf(release Release) (types.Kustomization, error) {
	patch, err := modelPatch(release)
	if err != nil {
		return types.Kustomization{}, err
	}
	overlay := types.Kustomization{
		TypeMeta:   types.TypeMeta{APIVersion: types.KustomizationVersion, Kind: types.KustomizationKind},
		Namespace:  release.Namespace,
		NamePrefix: release.Model + "-",
		Resources:  []string{".." + servingFolder + "/overlays/autoscaled"},
		Labels:     []types.Label{{Pairs: release.identity(), IncludeSelectors: true}},
		Patches:    []types.Patch{patch},
	}
	if len(release.Labels) > 0 {
		overlay.Labels = append(overlay.Labels, types.Label{Pairs: maps.Clone(release.Labels), IncludeTemplates: true})
	}
	if release.Replicas > 0 {
		overlay.Resources = []string{".." + servingFolder + "/overlays/fixed"}
		overlay.Replicas = []types.Replica{{Name: "serving", Count: int64(release.Replicas)}}
	}
	return overlay, nil
}

// modelPatch pins the image and the model. It replaces whatever a component
// left there, which kustomize's own images field, a substitution of names,
// would not. The tests come first: a component that moved things makes the
// patch fail, not miss.
func modelPatch(release Release) (types.Patch, error) {
	type step struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value string `json:"value"`
	}
	pod, container := "/spec/template/spec", "/spec/template/spec/containers/0"
	steps, err := json.Marshal([]step{
		{"test", container + "/name", "server"},
		{"test", container + "/env/0/name", "MODEL_NAME"},
		{"test", container + "/volumeMounts/0/name", "model"},
		{"test", pod + "/volumes/0/name", "model"},
		{"replace", container + "/image", release.Image},
		{"replace", container + "/env/0/value", release.Model},
		{"replace", container + "/volumeMounts/0/mountPath", "/models/" + release.Model},
		{"replace", pod + "/volumes/0/image/reference", release.Artifact},
	})
	target := resid.ResId{Gvk: resid.NewGvk("apps", "v1", "Deployment"), Name: "serving"}
	return types.Patch{Patch: string(steps), Target: &types.Selector{ResId: target}}, err
}
