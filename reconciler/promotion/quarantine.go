package promotion

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

const (
	quarantineFiles = "quarantines/*.yaml"
	maxQuarantines  = 256
)

// Quarantines are those that the repository holds, by name. A change that only
// brings or lifts some promotes nothing, so nothing is judged for it: the check
// of a pull request must not stand in the way of one.
func Quarantines(tree fs.FS) ([]v1alpha1.Quarantine, error) {
	names, err := fs.Glob(tree, quarantineFiles)
	if err != nil {
		return nil, err
	}
	if len(names) > maxQuarantines {
		return nil, fmt.Errorf("there are %d files in quarantines, more than %d", len(names), maxQuarantines)
	}
	var found []v1alpha1.Quarantine
	var wrong []error
	for _, name := range names {
		var one v1alpha1.Quarantine
		err := read(tree, name, &one)
		if file := strings.TrimSuffix(path.Base(name), ".yaml"); err == nil && one.Metadata.Name != file {
			err = fmt.Errorf("%s: metadata.name: %q is not the name of the file", name, one.Metadata.Name)
		}
		wrong = append(wrong, err)
		found = append(found, one)
	}
	return found, errors.Join(wrong...)
}

// validateQuarantines wants every environment that a quarantine names to be one:
// a misspelt name would quarantine nothing.
func validateQuarantines(tree fs.FS, environments []string) error {
	all, err := Quarantines(tree)
	wrong := []error{err}
	for _, one := range all {
		for _, name := range one.Spec.Environments {
			if !slices.Contains(environments, name) {
				wrong = append(wrong, fmt.Errorf("quarantines/%s.yaml: spec.environments: assay.yaml does not list %q", one.Metadata.Name, name))
			}
		}
	}
	return errors.Join(wrong...)
}

// unquarantined says whether a quarantine names what would be promoted: the release, or
// the image that would serve it.
func unquarantined(state *State, change *judge.Change) error {
	all, err := Quarantines(state.Request.Tree)
	if err != nil {
		return err
	}
	_, image, _ := strings.Cut(state.Objects.Model.Spec.Serving.Image, "@")
	change.Quarantines = []judge.Quarantine{}
	for _, order := range all {
		spec := order.Spec
		here := len(spec.Environments) == 0 || slices.Contains(spec.Environments, state.Request.Environment)
		if here && (spec.Digest == string(state.Release.Digest) || spec.Digest == image) {
			change.Quarantines = append(change.Quarantines, judge.Quarantine{Name: order.Metadata.Name, Digest: spec.Digest, Reason: spec.Reason, By: spec.By})
		}
	}
	change.Clear = len(change.Quarantines) == 0
	return nil
}
