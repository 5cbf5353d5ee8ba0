package promotion

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// Pair is one model in one environment.
type Pair struct{ Environment, Model string }

// File is where the promotion stands.
func (p Pair) File() string { return path.Join("environments", p.Environment, p.Model+".yaml") }

// Validate reads every object of the repository, and answers with all
// mistakes at once.
func Validate(tree fs.FS) error {
	platform, err := ReadPlatform(tree)
	wrong := []error{err}
	check := func(pattern string, read func(string) error) {
		names, err := fs.Glob(tree, pattern)
		if err != nil {
			wrong = append(wrong, err)
		}
		for _, name := range names {
			wrong = append(wrong, read(name))
		}
	}
	check("models/*/model.yaml", func(name string) error { return readNamed(tree, name, &v1alpha1.Model{}) })
	check("models/*/card.yaml", func(name string) error { return read(tree, name, &v1alpha1.ModelCard{}) })
	check("models/*/governance.yaml", func(name string) error { return readNamed(tree, name, &v1alpha1.Governance{}) })
	check("datasets/*/dataset.yaml", func(name string) error { return readNamed(tree, name, &v1alpha1.Dataset{}) })
	check("clusters/*.yaml", func(name string) error { return read(tree, name, &v1alpha1.Cluster{}) })
	check("environments/*/*.yaml", func(name string) error {
		if folder := path.Base(path.Dir(name)); err == nil && !slices.Contains(platform.Spec.Environments, folder) {
			return fmt.Errorf("%s: assay.yaml: spec.environments does not list %q", name, folder)
		}
		if path.Base(name) == "environment.yaml" {
			return readNamed(tree, name, &v1alpha1.Environment{})
		}
		return validatePromotion(tree, name)
	})
	_, misread := exploitability(tree)
	return errors.Join(append(wrong, validateOrders(tree, platform.Spec.Environments), misread, validateOrder(tree, platform.Spec.Environments))...)
}

// validatePromotion wants a promotion to name a model that is there, by the
// name of its file. What is wrong with the model itself is told elsewhere.
func validatePromotion(tree fs.FS, name string) error {
	var promotion v1alpha1.Promotion
	if err := read(tree, name, &promotion); err != nil {
		return err
	}
	model := promotion.Spec.Model
	if path.Base(name) != model+".yaml" {
		return fmt.Errorf("%s: spec.model: %q is not the name of the file", name, model)
	}
	if _, err := fs.Stat(tree, path.Join("models", model, "model.yaml")); err != nil {
		return fmt.Errorf("%s: spec.model: there is no models/%s/model.yaml", name, model)
	}
	return nil
}

// Pairs lists the promotions of the repository: environments in their order,
// models by name.
func Pairs(tree fs.FS) ([]Pair, error) {
	platform, err := ReadPlatform(tree)
	if err != nil {
		return nil, err
	}
	var pairs []Pair
	for _, environment := range platform.Spec.Environments {
		names, err := fs.Glob(tree, path.Join("environments", environment, "*.yaml"))
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		for _, name := range names {
			if model := strings.TrimSuffix(path.Base(name), ".yaml"); model != "environment" {
				pairs = append(pairs, Pair{environment, model})
			}
		}
	}
	return pairs, nil
}

// Clusters reads those of the repository, by their files.
func Clusters(tree fs.FS) ([]v1alpha1.Cluster, error) {
	names, err := fs.Glob(tree, "clusters/*.yaml")
	if err != nil {
		return nil, err
	}
	found := make([]v1alpha1.Cluster, len(names))
	for i, name := range names {
		if err := read(tree, name, &found[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Affected lists the promotions that a change of these paths bears on.
func Affected(tree fs.FS, changed []string) ([]Pair, error) {
	pairs, err := Pairs(tree)
	if err != nil {
		return nil, err
	}
	var affected []Pair
	for _, pair := range pairs {
		touched, err := touches(tree, pair, changed)
		if err != nil {
			return nil, err
		}
		if touched {
			affected = append(affected, pair)
		}
	}
	return affected, nil
}

func touches(tree fs.FS, pair Pair, changed []string) (bool, error) {
	objects, err := readObjects(tree, pair)
	if err != nil {
		return false, err
	}
	pinned := objects.Promotion.Spec.Release != ""
	data := path.Join("datasets", objects.Model.Spec.Dataset)
	for _, name := range changed {
		switch {
		case name == "assay.yaml", strings.HasPrefix(name, "policies/"), strings.HasPrefix(name, "waivers/"), strings.HasPrefix(name, "vex/"),
			strings.HasPrefix(name, "scans/"), name == pair.File(),
			name == environmentFile(pair.Environment),
			strings.HasPrefix(name, "models/"+pair.Model+"/"),
			name == data+"/dataset.yaml", // a pinned release, too, is used under today's agreement
			strings.HasPrefix(name, data+"/") && !pinned,
			isSource(name) && !strings.HasPrefix(name, "models/") && !strings.HasPrefix(name, "datasets/"):
			return true, nil
		}
	}
	return false, nil
}

func readObjects(tree fs.FS, pair Pair) (Objects, error) {
	var objects Objects
	platform, err := ReadPlatform(tree)
	if err != nil {
		return objects, err
	}
	if !slices.Contains(platform.Spec.Environments, pair.Environment) {
		return objects, fmt.Errorf("assay.yaml: spec.environments does not list %q", pair.Environment)
	}
	if err := read(tree, pair.File(), &objects.Promotion); err != nil {
		return objects, err
	}
	if objects.Promotion.Spec.Model != pair.Model {
		return objects, fmt.Errorf("%s: spec.model: %q is not the name of the file", pair.File(), objects.Promotion.Spec.Model)
	}
	modelDir := path.Join("models", pair.Model)
	err = errors.Join(
		readNamed(tree, environmentFile(pair.Environment), &objects.Environment),
		readNamed(tree, path.Join(modelDir, "model.yaml"), &objects.Model),
		read(tree, path.Join(modelDir, "card.yaml"), &objects.Card),
		ifThere(readNamed(tree, path.Join(modelDir, "governance.yaml"), &objects.Governance)),
	)
	if err != nil {
		return objects, err
	}
	err = readNamed(tree, path.Join("datasets", objects.Model.Spec.Dataset, "dataset.yaml"), &objects.Dataset)
	return objects, err
}

// ifThere takes a file that is not there for an empty one: what it lacks is for
// the rules to tell.
func ifThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// ReadPlatform reads assay.yaml.
func ReadPlatform(tree fs.FS) (v1alpha1.Platform, error) {
	var platform v1alpha1.Platform
	err := read(tree, "assay.yaml", &platform)
	return platform, err
}

// maxObject is beyond what Decode takes.
const maxObject = 4 << 20

func read(tree fs.FS, name string, into v1alpha1.Object) error {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxObject {
		return fmt.Errorf("reading %s: it is not a file of at most %d bytes", name, maxObject)
	}
	content, err := fs.ReadFile(tree, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return v1alpha1.Decode(name, content, into)
}

// readNamed reads an object that is named like the folder it stands in.
func readNamed(tree fs.FS, name string, into v1alpha1.Object) error {
	if err := read(tree, name, into); err != nil {
		return err
	}
	if folder := path.Base(path.Dir(name)); v1alpha1.NameOf(into) != folder {
		return fmt.Errorf("%s: metadata.name: %q is not the name of the folder", name, v1alpha1.NameOf(into))
	}
	return nil
}
