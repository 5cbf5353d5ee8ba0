package promotion

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

func environmentFile(name string) string { return path.Join("environments", name, "environment.yaml") }

// validateOrder wants every environment but the first to come after earlier
// ones: else no release could ever take its turn. What assay.yaml lists is an
// order, so environments that only look back in it form no cycle.
func validateOrder(tree fs.FS, order []string) error {
	var wrong []error
	for i, name := range order {
		file := environmentFile(name)
		var environment v1alpha1.Environment
		switch err := read(tree, file, &environment); {
		case errors.Is(err, fs.ErrNotExist):
			wrong = append(wrong, fmt.Errorf("assay.yaml: spec.environments: there is no %s", file))
			continue
		case err != nil: // and told already
			continue
		}
		wrong = append(wrong, validateAfter(file, i, order, environment.Spec.After))
	}
	return errors.Join(wrong...)
}

func validateAfter(file string, at int, order []string, after v1alpha1.Names) error {
	if at == 0 && len(after) > 0 {
		return fmt.Errorf("%s: spec.after: %q, but assay.yaml lists %s first", file, after[0], order[0])
	}
	if at > 0 && len(after) == 0 {
		return fmt.Errorf("%s: spec.after: names no environment, and assay.yaml does not list %s first", file, order[at])
	}
	var wrong []error
	for _, name := range after {
		if !slices.Contains(order[:at], name) {
			wrong = append(wrong, fmt.Errorf("%s: spec.after: %q is not an environment that assay.yaml lists before %s", file, name, order[at]))
		}
	}
	return errors.Join(wrong...)
}

// Environments reads those of a platform, in its order.
func Environments(tree fs.FS) ([]v1alpha1.Environment, error) {
	platform, err := ReadPlatform(tree)
	if err != nil {
		return nil, err
	}
	var found []v1alpha1.Environment
	for _, name := range platform.Spec.Environments {
		var one v1alpha1.Environment
		if err := readNamed(tree, environmentFile(name), &one); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

// Pinned is the release that a tree asks for; empty when it names none.
func Pinned(tree fs.FS, pair Pair) (evidence.Digest, error) {
	var promotion v1alpha1.Promotion
	err := read(tree, pair.File(), &promotion)
	return evidence.Digest(promotion.Spec.Release), err
}
