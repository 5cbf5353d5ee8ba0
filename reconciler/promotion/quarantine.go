package promotion

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// unquarantined says whether a quarantine names what would be promoted: the release, or
// the image that would serve it.
func unquarantined(base fs.FS, state *State, change *judge.Change) error {
	all, err := ordered(base, state.Request.Tree, Quarantines)
	if err != nil {
		return err
	}
	_, image, _ := strings.Cut(state.Objects.Model.Spec.Serving.Image, "@")
	change.Quarantines = []judge.Quarantine{}
	for _, order := range all {
		spec := order.Spec
		told := judge.Quarantine{Name: order.Metadata.Name, Digest: spec.Digest, Reason: spec.Reason, By: spec.By}
		names := spec.Digest == string(state.Release.Digest) || spec.Digest == image
		if names && Concerns(spec.Environments, state.Request.Environment) && !slices.Contains(change.Quarantines, told) {
			change.Quarantines = append(change.Quarantines, told)
		}
	}
	change.Clear = len(change.Quarantines) == 0
	return nil
}
