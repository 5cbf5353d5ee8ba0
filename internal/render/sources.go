package render

import (
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Sources gives what a release is rendered from, as a folder: with it,
// `kustomize build release --reorder legacy` writes the same workload without
// Assay.
func Sources(release Release) (map[string][]byte, error) {
	if err := release.validate(); err != nil {
		return nil, err
	}
	memory := filesys.MakeFsInMemory()
	if err := writeChoice(memory, release); err != nil {
		return nil, fmt.Errorf("the sources of %s for %s: %w", release.Model, release.Environment, err)
	}
	overlay, err := overlayOf(release, ".."+chosenFolder)
	if err != nil {
		return nil, err
	}
	if err := writeKustomization(memory, releaseFolder, overlay); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	err = memory.Walk("/", func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		files[strings.TrimPrefix(path, "/")], err = memory.ReadFile(path)
		return err
	})
	return files, err
}
