package crds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	sigsyaml "sigs.k8s.io/yaml"
)

// Catalogue is what is known about custom resources.
type Catalogue struct {
	kinds map[schema.GroupVersionKind]*definition
}

type definition struct {
	scope     apiextensionsv1.ResourceScope
	schema    *structural.Structural
	validator validation.SchemaValidator
	rules     *cel.Validator
}

// Kinds are those that the catalogue knows, in order.
func (c *Catalogue) Kinds() []string {
	var names []string
	for kind := range maps.Keys(c.kinds) {
		names = append(names, kind.Group+"/"+kind.Version+" "+kind.Kind)
	}
	slices.Sort(names)
	return names
}

// Add reads every CustomResourceDefinition in a stream of YAML documents. Other
// documents are passed over: chart templates and kustomizations lie among them.
func (c *Catalogue) Add(content []byte) error {
	documents := yaml.NewYAMLReader(newBufferedReader(content))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !bytes.Contains(document, []byte("kind: CustomResourceDefinition")) {
			continue
		}
		var crd apiextensionsv1.CustomResourceDefinition
		if err := sigsyaml.Unmarshal(document, &crd); err != nil {
			return err
		}
		if err := c.define(crd.Spec); err != nil {
			return fmt.Errorf("%s: %w", crd.Name, err)
		}
	}
}

func (c *Catalogue) define(spec apiextensionsv1.CustomResourceDefinitionSpec) error {
	for _, version := range spec.Versions {
		if !version.Served || version.Schema == nil || version.Schema.OpenAPIV3Schema == nil {
			continue
		}
		known, err := understand(version.Schema.OpenAPIV3Schema)
		if err != nil {
			return fmt.Errorf("%s: %w", version.Name, err)
		}
		known.scope = spec.Scope
		if c.kinds == nil {
			c.kinds = map[schema.GroupVersionKind]*definition{}
		}
		c.kinds[schema.GroupVersionKind{Group: spec.Group, Version: version.Name, Kind: spec.Names.Kind}] = known
	}
	return nil
}

func understand(written *apiextensionsv1.JSONSchemaProps) (*definition, error) {
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(written, &internal, nil); err != nil {
		return nil, err
	}
	shape, err := structural.NewStructural(&internal)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(&internal)
	if err != nil {
		return nil, err
	}
	rules := cel.NewValidator(shape, true, celconfig.PerCallLimit)
	return &definition{schema: shape, validator: validator, rules: rules}, nil
}
