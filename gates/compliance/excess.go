package compliance

import (
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/manifest"
)

// excessOf tells which rights an object gives that no model needs. A model
// answers requests: it asks the cluster nothing and decides nothing in it.
func excessOf(one manifest.Object, environment string) []string {
	version, _ := one["apiVersion"].(string)
	group, _, _ := strings.Cut(version, "/")
	kind, _ := one["kind"].(string)
	var excess []string
	switch {
	case group == "rbac.authorization.k8s.io" && strings.HasSuffix(kind, "RoleBinding"):
		excess = excessOfBinding(one)
	case group == "rbac.authorization.k8s.io":
		excess = excessOfRole(one)
	case group == "admissionregistration.k8s.io", group == "apiregistration.k8s.io":
		excess = []string{"decides what the cluster admits"} // and could take the place of our own webhook
	case version == "v1" && kind == "Namespace" && environmentOf(one) != environment:
		excess = []string{"takes away the label by which the webhook knows the environment"}
	}
	if mountsToken(map[string]any(one), 0) {
		excess = append(excess, "mounts a token of the cluster")
	}
	return excess
}

// environmentLabel is how the webhook knows which rules hold in a namespace.
const environmentLabel = "assay.dev/environment"

func environmentOf(one manifest.Object) string {
	metadata, _ := one["metadata"].(map[string]any)
	labels, _ := metadata["labels"].(map[string]any)
	environment, _ := labels[environmentLabel].(string)
	return environment
}

// Rights with which one may take any other
// (https://kubernetes.io/docs/concepts/security/rbac-good-practices/).
var escalating = []string{"escalate", "bind", "impersonate"}

func excessOfRole(one manifest.Object) []string {
	if _, aggregates := one["aggregationRule"]; aggregates {
		return []string{"takes over the rules of other roles"}
	}
	rules, _ := one["rules"].([]any)
	for _, rule := range rules {
		fields, _ := rule.(map[string]any)
		for _, field := range []string{"apiGroups", "resources", "verbs", "nonResourceURLs"} {
			if slices.ContainsFunc(texts(fields[field]), func(text string) bool { return strings.Contains(text, "*") }) {
				return []string{"a wildcard in " + field}
			}
		}
		for _, verb := range texts(fields["verbs"]) {
			if slices.Contains(escalating, verb) {
				return []string{"the verb " + verb}
			}
		}
	}
	return nil
}

// everyone are the groups that hold whoever comes.
var everyone = []string{"system:authenticated", "system:unauthenticated", "system:anonymous", "system:masters", "system:serviceaccounts"}

func excessOfBinding(one manifest.Object) []string {
	var excess []string
	if role, _ := one["roleRef"].(map[string]any); role["name"] == "cluster-admin" {
		excess = append(excess, "binds cluster-admin")
	}
	subjects, _ := one["subjects"].([]any)
	for _, subject := range subjects {
		fields, _ := subject.(map[string]any)
		if name, _ := fields["name"].(string); slices.Contains(everyone, name) {
			excess = append(excess, "binds "+name)
		}
	}
	return excess
}

func texts(list any) []string {
	var all []string
	items, _ := list.([]any)
	for _, item := range items {
		if text, is := item.(string); is {
			all = append(all, text)
		}
	}
	return all
}

// deepest is far below what any Kubernetes object has.
const deepest = 50

// mountsToken holds for an object with a pod in it, of whatever kind, that does
// not say automountServiceAccountToken: false, or that asks for a token in a
// volume. Below a depth that no object has, it holds as well.
func mountsToken(value any, depth int) bool {
	if depth > deepest {
		return true
	}
	switch value := value.(type) {
	case []any:
		return slices.ContainsFunc(value, func(item any) bool { return mountsToken(item, depth+1) })
	case map[string]any:
		_, isPod := value["containers"].([]any)
		_, asks := value["serviceAccountToken"]
		if isPod && value["automountServiceAccountToken"] != false || asks {
			return true
		}
		for _, field := range value {
			if mountsToken(field, depth+1) {
				return true
			}
		}
	}
	return false
}
