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

// maxOrders bounds how many orders of a kind a repository holds.
const maxOrders = 256

// Quarantines are those that the repository holds, by name. A change that only
// brings or lifts orders promotes nothing, so nothing is judged for it: the check
// of a pull request must not stand in the way of one.
func Quarantines(tree fs.FS) ([]v1alpha1.Quarantine, error) {
	return orders[v1alpha1.Quarantine](tree, "quarantines")
}

// Freezes are those that the repository holds, by name.
func Freezes(tree fs.FS) ([]v1alpha1.Freeze, error) {
	return orders[v1alpha1.Freeze](tree, "freezes")
}

// orders reads the files of a folder, each named like the order that it holds.
func orders[T any, Order interface {
	*T
	v1alpha1.Object
}](tree fs.FS, folder string) ([]T, error) {
	names, err := fs.Glob(tree, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	if len(names) > maxOrders {
		return nil, fmt.Errorf("there are %d files in %s, more than %d", len(names), folder, maxOrders)
	}
	found := make([]T, len(names))
	var wrong []error
	for i, name := range names {
		order := Order(&found[i])
		err := read(tree, name, order)
		if file := strings.TrimSuffix(path.Base(name), ".yaml"); err == nil && v1alpha1.NameOf(order) != file {
			err = fmt.Errorf("%s: metadata.name: %q is not the name of the file", name, v1alpha1.NameOf(order))
		}
		wrong = append(wrong, err)
	}
	return found, errors.Join(wrong...)
}

// Concerns says whether an order that names environments is about one of them.
func Concerns(named []string, environment string) bool {
	return len(named) == 0 || slices.Contains(named, environment)
}

// validateOrders wants every environment that an order names to be one: a misspelt
// name would stop nothing.
func validateOrders(tree fs.FS, environments []string) error {
	quarantines, err := Quarantines(tree)
	freezes, misread := Freezes(tree)
	wrong := []error{err, misread}
	check := func(folder, name string, named []string) {
		for _, environment := range named {
			if !slices.Contains(environments, environment) {
				wrong = append(wrong, fmt.Errorf("%s/%s.yaml: spec.environments: assay.yaml does not list %q", folder, name, environment))
			}
		}
	}
	for _, one := range quarantines {
		check("quarantines", one.Metadata.Name, one.Spec.Environments)
	}
	for _, one := range freezes {
		check("freezes", one.Metadata.Name, one.Spec.Environments)
	}
	return errors.Join(wrong...)
}

// ordered are the orders of the change, and those that are merged already: nobody
// lifts an order by the change that it keeps out.
func ordered[T any](base, tree fs.FS, read func(fs.FS) ([]T, error)) ([]T, error) {
	found, err := read(tree)
	if err != nil || base == nil {
		return found, err
	}
	merged, err := read(base)
	return append(merged, found...), err
}
