package promotion

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Files are those that a promotion consists of, by path; the data file is
// there by the digest in its contract. The governance record may be missing.
func Files(tree fs.FS, pair Pair) ([]string, error) {
	var model v1alpha1.Model
	if err := read(tree, path.Join("models", pair.Model, "model.yaml"), &model); err != nil {
		return nil, err
	}
	return []string{
		path.Join("models", pair.Model, "model.yaml"),
		path.Join("models", pair.Model, "card.yaml"),
		path.Join("models", pair.Model, "governance.yaml"),
		path.Join("datasets", model.Spec.Dataset, "dataset.yaml"),
		path.Join("environments", pair.Environment, "environment.yaml"),
		pair.File(),
	}, nil
}

// Content names what people approve (21 CFR 11.70): every byte of the files
// that a promotion consists of. A pinned release brings its recipe along, so
// that of the repository is left out, or every change in development would void
// the approvals of production; serving image and data use stay in, which also a
// pinned release takes from the repository.
func Content(tree fs.FS, pair Pair) (evidence.Digest, error) {
	names, err := Files(tree, pair)
	if err != nil {
		return "", err
	}
	objects, err := readObjects(tree, pair)
	if err != nil {
		return "", err
	}
	content := []any{"promotion content v1"}
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && path.Base(name) == "governance.yaml":
			continue
		case err != nil:
			return "", fmt.Errorf("reading %s: %w", name, err)
		}
		var part any = evidence.Sum(text)
		if pinned := objects.Promotion.Spec.Release != ""; pinned {
			switch path.Base(name) {
			case "model.yaml":
				part = objects.Model.Spec.Serving
			case "dataset.yaml":
				part = objects.Dataset.Spec.DataUse
			}
		}
		content = append(content, name, part)
	}
	return digestOf(content...)
}

// RecipeOf names the recipe of a model that a tree holds.
func RecipeOf(tree fs.FS, model string) (evidence.Digest, error) {
	var objects Objects
	if err := readNamed(tree, path.Join("models", model, "model.yaml"), &objects.Model); err != nil {
		return "", err
	}
	if err := readNamed(tree, path.Join("datasets", objects.Model.Spec.Dataset, "dataset.yaml"), &objects.Dataset); err != nil {
		return "", err
	}
	return digestOf(newRecipe(objects))
}
