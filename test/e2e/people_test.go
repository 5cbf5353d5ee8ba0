package e2e

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// looked is when people sign: before now, whichever clock tells it.
var looked = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// hire gives the people of the stories their keys. Emil, who writes everything,
// has none: nobody approves their own work.
func (p *promotions) hire() error {
	var failed []error
	for _, one := range []struct {
		into              *harness.Person
		name, email, role string
	}{
		{&p.statistician, "Ines Albrecht", "ines.albrecht@example.org", "statistician"},
		{&p.clinician, "Carla Clinician", "carla.clinician@example.org", "clinical"},
		{&p.quality, "Quentin Quality", "quentin.quality@example.org", "quality"},
		{&p.security, "Sefa Security", "sefa.security@example.org", "security"},
	} {
		var err error
		*one.into, err = harness.NewPerson(one.name, one.email, one.role)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// approve signs what is checked out, for every promotion that it holds, and
// pushes the tag.
func (p *promotions) approve(ctx context.Context, tag string, by harness.Person, meaning string) error {
	files, err := filepath.Glob(filepath.Join(p.clone, "environments", "*", "*.yaml"))
	if err != nil {
		return err
	}
	var pairs []string
	for _, file := range files {
		if model := strings.TrimSuffix(filepath.Base(file), ".yaml"); model != "environment" {
			pairs = append(pairs, filepath.Base(filepath.Dir(file))+"/"+model)
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	head, err := harness.Git(ctx, p.clone, "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	tag += "-" + strings.Fields(strings.ToLower(by.Name))[0] + "-" + head[:12]
	if err := by.Approve(p.clone, tag, strings.TrimSpace(head), meaning, looked, pairs...); err != nil {
		return err
	}
	return p.git(ctx, []string{"push", "--quiet", "origin", "refs/tags/approvals/" + tag})
}
