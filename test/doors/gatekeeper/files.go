package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	templatesv1 "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego"
	"github.com/open-policy-agent/frameworks/constraint/pkg/core/templates"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// files hold what Gatekeeper would have been told by an API server.
type files struct{ policies, library, inventory string }

// objects are those that a Config of Gatekeeper would have it sync.
func (f files) objects() ([]*unstructured.Unstructured, error) {
	text, err := os.ReadFile(f.inventory)
	if err != nil {
		return nil, err
	}
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.inventory, err)
	}
	objects := make([]*unstructured.Unstructured, len(list))
	for i, object := range list {
		objects[i] = &unstructured.Unstructured{Object: object}
	}
	return objects, nil
}

// client has a template, and a constraint that matches every pod, for each
// module.
func (f files) client(ctx context.Context) (*constraintclient.Client, error) {
	driver, err := rego.New()
	if err != nil {
		return nil, err
	}
	client, err := constraintclient.NewClient(
		constraintclient.Targets(&target.K8sValidationTarget{}),
		constraintclient.Driver(driver),
		constraintclient.EnforcementPoints(util.WebhookEnforcementPoint))
	if err != nil {
		return nil, err
	}
	library, err := os.ReadFile(f.library)
	if err != nil {
		return nil, err
	}
	modules, err := filepath.Glob(filepath.Join(f.policies, "assay*.rego"))
	if err != nil || len(modules) == 0 {
		return nil, fmt.Errorf("%s holds no rule (%w)", f.policies, err)
	}
	for _, module := range modules {
		text, err := os.ReadFile(module)
		if err != nil {
			return nil, err
		}
		kind := strings.TrimSuffix(filepath.Base(module), ".rego")
		if err := add(ctx, client, kind, string(text), string(library)); err != nil {
			return nil, fmt.Errorf("%s: %w", module, err)
		}
	}
	return client, nil
}

func add(ctx context.Context, client *constraintclient.Client, kind, module, library string) error {
	written := &templatesv1.ConstraintTemplate{
		ObjectMeta: metav1.ObjectMeta{Name: kind},
		Spec: templatesv1.ConstraintTemplateSpec{
			CRD: templatesv1.CRD{Spec: templatesv1.CRDSpec{Names: templatesv1.Names{Kind: kind}}},
			Targets: []templatesv1.Target{{Target: target.Name, Code: []templatesv1.Code{{
				Engine: "Rego", Source: &templates.Anything{Value: map[string]any{"version": "v1", "rego": module, "libs": []any{library}}},
			}}}},
		},
	}
	scheme := runtime.NewScheme()
	if err := templatesv1.AddToScheme(scheme); err != nil {
		return err
	}
	var template templates.ConstraintTemplate
	if err := scheme.Convert(written, &template, nil); err != nil {
		return err
	}
	if _, err := client.AddTemplate(ctx, &template); err != nil {
		return err
	}
	constraint := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": kind, "metadata": map[string]any{"name": kind},
		"spec": map[string]any{"match": map[string]any{"kinds": []any{map[string]any{"apiGroups": []any{""}, "kinds": []any{"Pod"}}}}},
	}}
	_, err := client.AddConstraint(ctx, constraint)
	return err
}
