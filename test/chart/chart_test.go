package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"sigs.k8s.io/yaml"
)

func TestTheChartIsWhatWasGenerated(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(chartFolder, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what manifests/system says (%v)\nhint: make chart", name, err)
		}
	}
	definitions, err := filepath.Glob(filepath.Join(chartFolder, "crds", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range definitions {
		if files["crds/"+filepath.Base(name)] == nil {
			t.Errorf("%s is left over", name)
		}
	}
}

// render is what "helm template" does, with values as in its --set-json.
func render(t *testing.T, namespace, values string) (map[string]object, error) {
	t.Helper()
	read, err := loader.LoadDir(chartFolder)
	if err != nil {
		t.Fatal(err)
	}
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	release := chartutil.ReleaseOptions{Name: "assay", Namespace: namespace, Revision: 1, IsInstall: true}
	combined, err := chartutil.ToRenderValues(read, given, release, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	texts, err := engine.Render(read, combined)
	if err != nil {
		return nil, err
	}
	for _, definition := range read.CRDObjects() {
		texts[definition.Filename] = string(definition.File.Data)
	}
	return decode(t, read, texts), nil
}

func decode(t *testing.T, read *chart.Chart, texts map[string]string) map[string]object {
	t.Helper()
	objects := map[string]object{}
	for name, text := range texts {
		if strings.HasSuffix(name, ".txt") {
			continue
		}
		for _, document := range strings.Split("\n"+text, "\n---\n") {
			var one object
			if err := yaml.UnmarshalStrict([]byte(document), &one); err != nil {
				t.Fatalf("%s of %s: %v\n%s", name, read.Name(), err, document)
			}
			if one == nil {
				continue
			}
			if objects[identity(one)] != nil {
				t.Errorf("%s is there twice", identity(one))
			}
			objects[identity(one)] = one
		}
	}
	return objects
}

// TestTheChartRendersWhatKustomizeBuilds: the same objects, field by field, for
// each part and each component, alone and together.
func TestTheChartRendersWhatKustomizeBuilds(t *testing.T) {
	system := []string{"namespace", "crd", "webhook", "audit", "reconciler"}
	sealed, logged := "components/sealed", "components/admission-log"
	for name, test := range map[string]struct {
		values                string
		resources, components []string
	}{
		"everything":             {`{}`, system, nil},
		"a floor":                {`{floor: {enabled: true}}`, append([]string{"floor"}, system...), nil},
		"certificates":           {`{certManager: {enabled: true}}`, []string{"cert-manager"}, nil},
		"sealed":                 {`{webhook: {sealed: true}}`, system, []string{sealed}},
		"a log":                  {`{webhook: {log: {enabled: true}}}`, system, []string{logged}},
		"sealed and logged":      {`{webhook: {sealed: true, log: {enabled: true}}}`, system, []string{sealed, logged}},
		"all there is":           {`{webhook: {sealed: true, log: {enabled: true}}, certManager: {enabled: true}, floor: {enabled: true}}`, []string{"cert-manager", "floor"}, []string{sealed, logged}},
		"a cluster that serves":  {`{reconciler: {enabled: false}}`, []string{"namespace", "crd", "webhook", "audit"}, nil},
		"a cluster that trains":  {`{webhook: {enabled: false}, audit: {enabled: false}}`, []string{"namespace", "crd", "reconciler"}, nil},
		"a door without lookers": {`{audit: {enabled: false}}`, []string{"namespace", "crd", "webhook", "reconciler"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			source, err := load(systemFolder)
			if err != nil {
				t.Fatal(err)
			}
			built, err := source.build(test.resources, test.components)
			if err != nil {
				t.Fatal(err)
			}
			rendered, err := render(t, "assay-system", strings.Replace(test.values, "{", "{namespace: {create: true}, ", 1))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, built, rendered)
		})
	}
}

func compare(t *testing.T, built []object, rendered map[string]object) {
	t.Helper()
	for _, want := range built {
		got := rendered[identity(want)]
		delete(rendered, identity(want))
		if !reflect.DeepEqual(normal(t, got), normal(t, want)) {
			t.Errorf("%s: the chart renders\n%s\nand kustomize\n%s", identity(want), text(t, got), text(t, want))
		}
	}
	for name := range rendered {
		t.Errorf("%s: kustomize builds no such object", name)
	}
}

// normal is an object with one kind of numbers, as a JSON decoder makes it, and
// with its volumes in one order: two components of kustomize add theirs in the
// order in which they are named, and a kubelet does not care.
func normal(t *testing.T, one object) (decoded any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text(t, one)), &decoded); err != nil {
		t.Fatal(err)
	}
	sortVolumes(decoded)
	return decoded
}

func sortVolumes(value any) {
	switch value := value.(type) {
	case object:
		for key, inner := range value {
			sortVolumes(inner)
			if list, is := inner.([]any); is && (key == "volumes" || key == "volumeMounts") {
				slices.SortFunc(list, func(a, b any) int { return strings.Compare(identity(a), identity(b)) })
			}
		}
	case []any:
		for _, inner := range value {
			sortVolumes(inner)
		}
	}
}

func text(t *testing.T, one any) string {
	t.Helper()
	written, err := yaml.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

func TestHelmLintsTheChart(t *testing.T) {
	result := lint.AllWithKubeVersion(chartFolder, nil, "assay-system", nil)
	for _, message := range result.Messages {
		if !strings.Contains(message.Error(), "icon is recommended") {
			t.Error(message)
		}
	}
}
