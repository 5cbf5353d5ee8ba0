package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const digest = "registry.example.org/a/b@sha256:" + "1111111111111111111111111111111111111111111111111111111111111111"

// change is a value, and what it alone changes: in one object, one field.
type change struct{ value, object, path, want string }

// changes are of every value that is not whether a part is there at all: those are
// in TestTheChartRendersWhatKustomizeBuilds.
func changes() map[string]change {
	all := map[string]change{
		"webhook.replicas":                {"5", "Deployment/assay-webhook", "spec.replicas", "5"},
		"webhook.admission":               {"text", "ConfigMap/assay-webhook-config", `data.admission\.yaml`, "text"},
		"webhook.log.size":                {"1Ti", "PersistentVolumeClaim/assay-admission-log", "spec.resources.requests.storage", "1Ti"},
		"webhook.log.storageClassName":    {"shared", "PersistentVolumeClaim/assay-admission-log", "spec.storageClassName", "shared"},
		"webhook.goMemoryLimit":           {"1GiB", "Deployment/assay-webhook", "spec.template.spec.containers.0.env", "GOMEMLIMIT value:1GiB"},
		"audit.goMemoryLimit":             {"1GiB", "Deployment/assay-audit", "spec.template.spec.containers.0.env", "GOMEMLIMIT value:1GiB"},
		"reconciler.key":                  {"awskms:///alias/assay", "Deployment/assay-reconciler", "spec.template.spec.containers.0.args.0", "--key=awskms:///alias/assay"},
		"reconciler.log.size":             {"1Ti", "PersistentVolumeClaim/assay-audit-log", "spec.resources.requests.storage", "1Ti"},
		"reconciler.log.storageClassName": {"fast", "PersistentVolumeClaim/assay-audit-log", "spec.storageClassName", "fast"},
	}
	for _, name := range []string{"webhook", "audit", "reconciler"} {
		deployment, spec := "Deployment/assay-"+name, "spec.template.spec."
		all[name+".image"] = change{digest, deployment, spec + "containers.0.image", digest}
		all[name+".resources"] = change{"{requests: {cpu: 2}, limits: {memory: 9Gi}}", deployment, spec + "containers.0.resources", "map[limits:map[memory:9Gi] requests:map[cpu:2"}
		all[name+".extraArgs"] = change{"[--one, '--two=a \"b\": c']", deployment, spec + "containers.0.args", `--one --two=a "b": c]`}
		all[name+".podLabels"] = change{"{azure.workload.identity/use: 'true'}", deployment, "spec.template.metadata.labels", "azure.workload.identity/use:true"}
		all[name+".podAnnotations"] = change{"{a: b}", deployment, "spec.template.metadata.annotations", "map[a:b]"}
		all[name+".nodeSelector"] = change{"{disk: fast}", deployment, spec + "nodeSelector", "map[disk:fast]"}
		all[name+".tolerations"] = change{"[{key: gpu, operator: Exists}]", deployment, spec + "tolerations", "[map[key:gpu operator:Exists]]"}
		all[name+".imagePullSecrets"] = change{"[{name: pull}]", deployment, spec + "imagePullSecrets", "[map[name:pull]]"}
		all[name+".serviceAccountAnnotations"] = change{"{a: b}", "ServiceAccount/assay-" + name, "metadata.annotations", "map[a:b]"}
	}
	return all
}

func TestWhatEachValueChanges(t *testing.T) {
	const base = "{webhook: {log: {enabled: true}}}"
	for name, test := range changes() {
		t.Run(name, func(t *testing.T) {
			before, err := render(t, "assay-system", base)
			if err != nil {
				t.Fatal(err)
			}
			after, err := render(t, "assay-system", with(t, base, name, test.value))
			if err != nil {
				t.Fatal(err)
			}
			if got := at(after[test.object], test.path); !strings.Contains(got, test.want) {
				t.Errorf("%s of %s is %s", test.path, test.object, got)
			}
			for other := range maps.Keys(before) {
				if changed := text(t, before[other]) != text(t, after[other]); changed != (other == test.object) {
					t.Errorf("%s: changed is %v", other, changed)
				}
			}
		})
	}
}

// TestEveryValueIsTried: what is in values.yaml is in the table above, and the
// other way round.
func TestEveryValueIsTried(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(chartFolder, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var values object
	if err := yaml.Unmarshal(content, &values); err != nil {
		t.Fatal(err)
	}
	tried := slices.Sorted(maps.Keys(changes()))
	parts := []string{"namespace.create", "webhook.enabled", "webhook.sealed", "webhook.log.enabled", "audit.enabled", "floor.enabled", "certManager.enabled", "reconciler.enabled"}
	tried = slices.Sorted(slices.Values(append(tried, parts...)))
	if there := slices.Sorted(slices.Values(leaves("", values, tried))); !slices.Equal(there, tried) {
		t.Errorf("values.yaml has\n%v\ntried are\n%v", there, tried)
	}
}

func leaves(prefix string, values object, whole []string) (found []string) {
	for key, value := range values {
		inner, nested := value.(object)
		if !nested || slices.Contains(whole, prefix+key) {
			found = append(found, prefix+key)
			continue
		}
		found = append(found, leaves(prefix+key+".", inner, whole)...)
	}
	return found
}

func TestAnotherNamespace(t *testing.T) {
	objects, err := render(t, "clinic-assay", "{certManager: {enabled: true}, floor: {enabled: true}, namespace: {create: true}}")
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range objects {
		if strings.Contains(text(t, one), "assay-system") {
			t.Errorf("%s speaks of assay-system", name)
		}
	}
	for _, name := range []string{"webhook", "audit", "reconciler"} {
		if got := at(objects["Deployment/assay-"+name], "spec.template.spec.containers.0.args"); !strings.Contains(got, "--namespace=clinic-assay") {
			t.Errorf("%s is not told: %s", name, got)
		}
	}
}

func TestWhatTheChartRefuses(t *testing.T) {
	for name, test := range map[string]struct{ namespace, values, want string }{
		"a tag":                    {"assay-system", "{webhook: {image: registry.example.org/webhook:latest}}", "image"},
		"a tag and a digest":       {"assay-system", "{webhook: {image: '" + strings.Replace(digest, "@", ":v1@", 1) + "'}}", "image"},
		"a misspelt value":         {"assay-system", "{webhook: {replica: 2}}", "replica"},
		"no replicas":              {"assay-system", "{webhook: {replicas: 0}}", "replicas"},
		"no limit of memory":       {"assay-system", "{audit: {resources: {limits: null}}}", "limits"},
		"an argument without dash": {"assay-system", "{audit: {extraArgs: [audit]}}", "extraArgs"},
		"an audit without a door":  {"assay-system", "{webhook: {enabled: false}}", "needs webhook.enabled"},
		"a floor without an audit": {"assay-system", "{audit: {enabled: false}, floor: {enabled: true}}", "needs audit.enabled"},
		"a shared namespace":       {"kube-system", "{}", "a namespace of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := render(t, test.namespace, test.values); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// with sets one value in others.
func with(t *testing.T, base, name, value string) string {
	t.Helper()
	var values object
	var parsed any
	if err := yaml.Unmarshal([]byte(base), &values); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(value), &parsed); err != nil {
		t.Fatal(err)
	}
	path := strings.Split(name, ".")
	folder := values
	for _, key := range path[:len(path)-1] {
		if folder[key] == nil {
			folder[key] = object{}
		}
		folder = folder[key].(object)
	}
	folder[path[len(path)-1]] = parsed
	return text(t, values)
}

// at is what stands at a path, as text. A dot in a key is written "\.".
func at(value any, path string) string {
	for _, key := range strings.Split(strings.ReplaceAll(path, `\.`, "\x00"), ".") {
		switch inside := value.(type) {
		case object:
			value = inside[strings.ReplaceAll(key, "\x00", ".")]
		case []any:
			var index int
			if _, err := fmt.Sscan(key, &index); err != nil || index >= len(inside) {
				return "nothing"
			}
			value = inside[index]
		}
	}
	return fmt.Sprint(value)
}
