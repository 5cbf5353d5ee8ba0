package webhook

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

// documents reads the objects of a kind in one file of manifests/system.
func documents[T any](t *testing.T, name, kind string) []T {
	t.Helper()
	content, err := os.ReadFile("../manifests/system/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var found []T
	for text := range bytes.SplitSeq(content, []byte("\n---\n")) {
		var head struct{ Kind string }
		if err := yaml.Unmarshal(text, &head); err != nil {
			t.Fatal(name, err)
		}
		if head.Kind != kind {
			continue
		}
		var one T
		if err := yaml.UnmarshalStrict(text, &one); err != nil {
			t.Fatal(name, err)
		}
		found = append(found, one)
	}
	return found
}

// The door fails closed, so it must be there: several, on several nodes, one of
// which may be taken away at a time, and each given the time to leave.
func TestTheDoorIsKeptUp(t *testing.T) {
	door := documents[appsv1.Deployment](t, "webhook/deployment.yaml", "Deployment")[0]
	pod := door.Spec.Template.Spec
	if *door.Spec.Replicas < 2 || door.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue() != 0 {
		t.Errorf("%d replicas, of which %v may be missing during a rollout", *door.Spec.Replicas, door.Spec.Strategy.RollingUpdate.MaxUnavailable)
	}
	var spread []string
	for _, constraint := range pod.TopologySpreadConstraints {
		spread = append(spread, constraint.TopologyKey)
	}
	if !slices.Equal(spread, []string{corev1.LabelHostname, corev1.LabelTopologyZone}) || pod.PriorityClassName != "system-cluster-critical" {
		t.Errorf("spread over %v, priority %s", spread, pod.PriorityClassName)
	}
	budget := documents[policyv1.PodDisruptionBudget](t, "webhook/service.yaml", "PodDisruptionBudget")[0]
	if budget.Spec.MaxUnavailable.IntValue() != 1 || *budget.Spec.UnhealthyPodEvictionPolicy != policyv1.AlwaysAllow {
		t.Errorf("budget %+v", budget.Spec)
	}
	if door.Labels == nil || !slices.Equal(keys(budget.Spec.Selector.MatchLabels), keys(door.Spec.Selector.MatchLabels)) {
		t.Error("the budget is another's")
	}
}

func keys(labels map[string]string) []string {
	var said []string
	for key, value := range labels {
		said = append(said, key+"="+value)
	}
	slices.Sort(said)
	return said
}

// The floor lies below the namespaces that the door is asked about, and below no
// other; it judges only what the door is asked about too.
func TestTheFloorLiesBelowTheDoor(t *testing.T) {
	door := documents[admissionregistrationv1.ValidatingWebhookConfiguration](t, "webhook/admission.yaml", "ValidatingWebhookConfiguration")[0].Webhooks[0]
	policy := documents[admissionregistrationv1.ValidatingAdmissionPolicy](t, "floor/policy.yaml", "ValidatingAdmissionPolicy")[0]
	binding := documents[admissionregistrationv1.ValidatingAdmissionPolicyBinding](t, "floor/policy.yaml", "ValidatingAdmissionPolicyBinding")[0]
	if !reflect.DeepEqual(door.NamespaceSelector, binding.Spec.MatchResources.NamespaceSelector) {
		t.Errorf("the door is asked about %v, the floor lies below %v", door.NamespaceSelector, binding.Spec.MatchResources.NamespaceSelector)
	}
	if *policy.Spec.FailurePolicy != admissionregistrationv1.Fail || *binding.Spec.ParamRef.ParameterNotFoundAction != admissionregistrationv1.DenyAction {
		t.Error("it lets in what it cannot judge")
	}
	for _, rule := range policy.Spec.MatchConstraints.ResourceRules {
		for _, name := range rule.Resources {
			if rule.APIGroups[0] != "" {
				name += "." + rule.APIGroups[0]
			}
			if !slices.Contains(Resources(), name) {
				t.Errorf("the floor judges %s, the door does not", name)
			}
		}
	}
}
