package promotion

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Bounds on what of a repository is looked into for one promotion, apart from
// data, which has a gate of its own.
const (
	maxBearing = 10_000
	maxSources = 500
)

// bearing are the files that a promotion is made by, other than data: those of
// the model and its dataset, those of the promotion and its environment, and
// what describes images and infrastructure anywhere. A pinned release brings its
// model and dataset along. Rules, waivers and scans are not among them: they say
// what is thought of a promotion, and not what it is.
func bearing(tree fs.FS, pair Pair) ([]string, error) {
	objects, err := readObjects(tree, pair)
	if err != nil {
		return nil, err
	}
	pinned := objects.Promotion.Spec.Release != ""
	var found []string
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		folder, rest, _ := strings.Cut(name, "/")
		whose, _, inFolder := strings.Cut(rest, "/")
		own := folder == "models" && whose == pair.Model && !pinned || folder == "datasets" && whose == objects.Model.Spec.Dataset && !pinned
		switch {
		case entry.IsDir():
			if another := folder == "models" || folder == "datasets"; another && rest != "" && !own {
				return fs.SkipDir
			}
		case own && inFolder && !isData(tree, name),
			name == pair.File(), name == environmentFile(pair.Environment), isSource(name):
			found = append(found, name)
		}
		if len(found) > maxBearing {
			return fmt.Errorf("more than %d files bear on %s in %s", maxBearing, pair.Model, pair.Environment)
		}
		return nil
	})
	return found, err
}

// isSource holds for what an image or infrastructure is made from: Dockerfiles
// by the names that builders look for, and Terraform with its variables.
func isSource(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, kind := range []string{"dockerfile", "containerfile"} {
		if base == kind || strings.HasPrefix(base, kind+".") || strings.HasSuffix(base, "."+kind) {
			return true
		}
	}
	for _, end := range []string{".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	return false
}

// isData holds for the file that the contract of its folder names: the dataset
// gate looks into that, and its digest stands in the contract.
func isData(tree fs.FS, name string) bool {
	folder := path.Dir(name)
	var dataset v1alpha1.Dataset
	return path.Dir(folder) == "datasets" && path.Base(name) != "dataset.yaml" &&
		read(tree, path.Join(folder, "dataset.yaml"), &dataset) == nil && path.Join(folder, dataset.Spec.Source) == name
}

// look gathers what is looked into besides the release: what the change adds or
// alters, as it would be, with what bears on the promotion anyway; of the latter
// what describes images and infrastructure; and what other scanners found. Once
// a change is merged it is a change no more, so then it is what bears on the
// promotion: of a change that touches nothing else, both are the same, and
// merging it costs nothing.
func look(ctx context.Context, tools Tools, state *State, candidate *gates.Candidate) error {
	tree := state.Request.Tree
	names, err := bearing(tree, state.Request.Pair())
	if err != nil {
		return err
	}
	described := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isSource(name) })
	if len(described) > maxSources {
		return fmt.Errorf("there are %d Dockerfiles and files of Terraform, more than %d", len(described), maxSources)
	}
	for _, name := range state.Request.Changed {
		if info, err := fs.Stat(tree, name); err == nil && info.Mode().IsRegular() && !isData(tree, name) {
			names = append(names, name)
		}
	}
	candidate.Changed, candidate.Sources = selected(tree, names), selected(tree, described)
	candidate.Scans, err = scans(ctx, tools, state)
	return err
}

// addRepository names what of the repository the security gate looks into.
func addRepository(add func(name string, values ...any), candidate gates.Candidate) error {
	change, err := digests(candidate.Changed)
	if err != nil {
		return err
	}
	sources, err := digests(candidate.Sources)
	if err != nil {
		return err
	}
	add("change", change)
	add("sources", sources)
	add("scans", candidate.Scans)
	return nil
}
