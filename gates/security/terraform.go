package security

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/types"
)

// terraform checks every folder with Terraform as if it were applied by itself,
// since nobody says which folders are: once with the variables that Terraform
// loads by itself, and once more with each other file of variables beside it.
func (e *examination) terraform(ctx context.Context, files map[string][]byte) error {
	asked := evaluations(files)
	if len(asked) > maxFolders {
		return fmt.Errorf("checking Terraform: there are more than %d folders and sets of variables", maxFolders)
	}
	for _, one := range asked {
		answer, err := one.evaluate(ctx, e.patience)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			e.unread[one.Folder] = err.Error()
			continue
		}
		for _, reason := range answer.Unread {
			e.unread[one.Folder+": "+reason] = "Terraform that is not whole"
		}
		for _, variable := range answer.Unset {
			e.unset[path.Join(one.Folder, variable)] = true
		}
		err = e.check(ctx, terraform, types.SourceCloud, rego.Input{Path: one.Folder, Contents: answer.State})
		if err != nil {
			return fmt.Errorf("checking %s: %w", one.Folder, err)
		}
	}
	return nil
}

// evaluations are what is asked of Terraform's evaluator.
func evaluations(files map[string][]byte) []evaluation {
	folders := map[string]bool{}
	loaded, chosen := map[string][]string{}, map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		folder, base := path.Dir(name), strings.ToLower(path.Base(name))
		switch base = strings.TrimSuffix(base, ".json"); {
		case base == "terraform.tfvars", strings.HasSuffix(base, ".auto.tfvars"):
			loaded[folder] = append(loaded[folder], name)
		case strings.HasSuffix(base, ".tfvars"):
			chosen[folder] = append(chosen[folder], name)
		default:
			folders[folder] = true
		}
	}
	var asked []evaluation
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		asked = append(asked, evaluation{Files: files, Folder: folder, Variables: loaded[folder]})
		for _, choice := range chosen[folder] {
			asked = append(asked, evaluation{Files: files, Folder: folder, Variables: append(slices.Clone(loaded[folder]), choice)})
		}
	}
	return asked
}
