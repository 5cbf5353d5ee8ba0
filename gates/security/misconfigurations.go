package security

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// checks compiles the checks that are embedded in Trivy, once: it takes
// seconds, and they are the same for every candidate.
var checks = sync.OnceValues(func() (*rego.Scanner, error) {
	scanner := rego.NewScanner(rego.WithEmbeddedPolicies(true), rego.WithEmbeddedLibraries(true))
	if err := scanner.LoadPolicies(nil); err != nil {
		return nil, fmt.Errorf("compiling the embedded checks: %w", err)
	}
	return scanner, nil
})

// misconfiguration is one check that one object does not pass.
type misconfiguration struct {
	check, object, severity, title string
}

// measureMisconfigurations counts the failed checks, by severity, and names
// the severe ones. N is how many checks were evaluated, over all objects.
func measureMisconfigurations(ctx context.Context, tree fs.FS) ([]evidence.Measurement, error) {
	manifests, err := readManifests(ctx, tree)
	if err != nil {
		return nil, err
	}
	evaluated := 0
	failed := map[misconfiguration]bool{} // several containers may fail one check
	for _, manifest := range manifests {
		n, err := check(ctx, manifest, failed)
		if err != nil {
			return nil, fmt.Errorf("%s in %s: %w", manifest.Name(), manifest.file, err)
		}
		evaluated += n
	}
	found := slices.SortedFunc(maps.Keys(failed), func(a, b misconfiguration) int {
		return cmp.Or(cmp.Compare(a.check, b.check), cmp.Compare(a.object, b.object), cmp.Compare(a.title, b.title))
	})
	return tellMisconfigurations(found, len(manifests), evaluated), nil
}

func check(ctx context.Context, manifest rendered, failed map[misconfiguration]bool) (int, error) {
	scanner, err := checks()
	if err != nil {
		return 0, err
	}
	results, err := scanner.ScanInput(ctx, types.SourceKubernetes, rego.Input{
		Path: manifest.file, Contents: asWorkload(manifest.Object),
	})
	if err != nil {
		return 0, err
	}
	for _, result := range results.GetFailed() {
		rule := result.Rule()
		failed[misconfiguration{
			check:    strings.TrimPrefix(rule.AVDID, "AVD-"),
			object:   manifest.Name(),
			severity: rated(string(result.Severity())),
			title:    rule.Summary,
		}] = true
	}
	return len(results), nil
}

// asWorkload shows a custom resource that holds a pod template, such as an
// Argo Rollout, as a Deployment: the checks know only the built-in kinds, and
// would find nothing wrong with the pods of any other.
func asWorkload(object map[string]any) map[string]any {
	group, _ := object["apiVersion"].(string)
	spec, _ := object["spec"].(map[string]any)
	template, _ := spec["template"].(map[string]any)
	pod, _ := template["spec"].(map[string]any)
	if _, runs := pod["containers"]; !runs || group == "v1" || group == "apps/v1" || group == "batch/v1" {
		return object
	}
	workload := maps.Clone(object)
	workload["apiVersion"], workload["kind"] = "apps/v1", "Deployment"
	return workload
}

func tellMisconfigurations(found []misconfiguration, objects, evaluated int) []evidence.Measurement {
	bySeverity := map[string]int{}
	var named []evidence.Measurement
	for _, one := range found {
		bySeverity[one.severity]++
		if severe(one.severity) && len(named) < maxListed {
			named = append(named, item("misconfiguration", one.check+" "+one.object, one.severity+": "+one.title))
		}
	}
	measurements := []evidence.Measurement{count("manifests_scanned", objects, objects)}
	for _, severity := range severities {
		total := count("misconfigurations", bySeverity[severity], evaluated)
		total.Group = severity
		measurements = append(measurements, total)
	}
	return append(measurements, named...)
}
