package crds

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/client-go/kubernetes/scheme"
	sigsyaml "sigs.k8s.io/yaml"
)

// Objects reads a stream of YAML documents as an API server would get them:
// whole numbers stay whole, which CEL insists on.
func Objects(content []byte) ([]unstructured.Unstructured, error) {
	var objects []unstructured.Unstructured
	documents := yaml.NewYAMLReader(newBufferedReader(content))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		encoded, err := sigsyaml.YAMLToJSONStrict(document)
		if err != nil {
			return nil, err
		}
		var object map[string]any
		if err := utiljson.Unmarshal(encoded, &object); err != nil {
			return nil, err
		}
		if len(object) > 0 {
			objects = append(objects, unstructured.Unstructured{Object: object})
		}
	}
}

func newBufferedReader(content []byte) *bufio.Reader {
	return bufio.NewReader(bytes.NewReader(content))
}

// Check tells what an API server would refuse of an object or change in it.
func (c *Catalogue) Check(ctx context.Context, object unstructured.Unstructured) []string {
	kind := object.GroupVersionKind()
	known, is := c.kinds[kind]
	if !is {
		return builtIn(object)
	}
	var problems []string
	if namespaced := known.scope == apiextensionsv1.NamespaceScoped; namespaced != (object.GetNamespace() != "") {
		problems = append(problems, fmt.Sprintf("namespaced is %t, and the namespace is %q", namespaced, object.GetNamespace()))
	}
	problems = append(problems, known.unknown(object)...)
	live := runtime.DeepCopyJSON(object.Object)
	defaulting.Default(live, known.schema)
	problems = append(problems, changes("", object.Object, live)...)
	failed := validation.ValidateCustomResource(nil, live, known.validator)
	broken, _ := known.rules.Validate(ctx, field.NewPath(""), known.schema, live, nil, celconfig.RuntimeCELCostBudget)
	for _, failure := range slices.Concat(failed, broken) {
		problems = append(problems, failure.Error())
	}
	return problems
}

func (d *definition) unknown(object unstructured.Unstructured) []string {
	options := structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	var problems []string
	for _, path := range pruning.PruneWithOptions(runtime.DeepCopyJSON(object.Object), d.schema, true, options) {
		problems = append(problems, path+": unknown field")
	}
	return problems
}

// changes are the fields that live has and git has not.
func changes(at string, git, live any) []string {
	was, isMap := git.(map[string]any)
	if is, both := live.(map[string]any); isMap && both {
		var found []string
		for key, value := range is {
			if _, written := was[key]; !written {
				found = append(found, fmt.Sprintf("%s.%s: the definition's default would add %v", at, key, value))
				continue
			}
			found = append(found, changes(at+"."+key, was[key], value)...)
		}
		slices.Sort(found)
		return found
	}
	before, isList := git.([]any)
	if after, both := live.([]any); isList && both && len(before) == len(after) {
		var found []string
		for i := range before {
			found = append(found, changes(fmt.Sprintf("%s[%d]", at, i), before[i], after[i])...)
		}
		return found
	}
	if !reflect.DeepEqual(git, live) {
		return []string{fmt.Sprintf("%s: the definition would make %v of %v", at, live, git)}
	}
	return nil
}

// builtIn decodes what Kubernetes itself defines, strictly. Its defaults are
// code of its API server and are not applied here.
func builtIn(object unstructured.Unstructured) []string {
	if group := object.GroupVersionKind().Group; strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io") {
		return []string{fmt.Sprintf("no definition of %s was read", object.GroupVersionKind())}
	}
	encoded, err := object.MarshalJSON()
	if err != nil {
		return []string{err.Error()}
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, json.SerializerOptions{Strict: true})
	if _, _, err := strict.Decode(encoded, nil, nil); err != nil {
		return []string{err.Error()}
	}
	return nil
}
