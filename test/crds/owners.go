package crds

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Owners finds fields that two writers claim: two objects of one rendering, or
// git and a controller that an object of the rendering sets to work. Two writers
// undo each other for ever, and each of them is right.
func Owners(objects []unstructured.Unstructured) []string {
	claims := claims{}
	for _, object := range objects {
		claims.add(identity(object), "git")
		switch kind := object.GetKind(); kind {
		case "Deployment", "StatefulSet":
			if _, written, _ := unstructured.NestedFieldNoCopy(object.Object, "spec", "replicas"); written {
				claims.add(replicasOf(object.GetNamespace(), kind, object.GetName()), "git")
			}
		case "HorizontalPodAutoscaler", "ScaledObject":
			claims.scaler(object)
		case "InferenceService":
			claims.inferenceService(object)
		case "ExternalSecret":
			target, _, _ := unstructured.NestedString(object.Object, "spec", "target", "name")
			claims.add("Secret "+object.GetNamespace()+"/"+target, "ExternalSecret "+object.GetName())
		case "VirtualService":
			claims.virtualService(object)
		case "Rollout":
			claims.rollout(object)
		case "Canary":
			target, _, _ := unstructured.NestedString(object.Object, "spec", "targetRef", "name")
			claims.add(weightsOf(object.GetNamespace(), target), "Canary "+object.GetName())
		}
	}
	return claims.disputed()
}

// claims are who writes a field.
type claims map[string][]string

func (c claims) add(field, writer string) { c[field] = append(c[field], writer) }

func (c claims) disputed() []string {
	var found []string
	for _, field := range slices.Sorted(maps.Keys(c)) {
		if len(c[field]) > 1 {
			slices.Sort(c[field])
			found = append(found, fmt.Sprintf("%s is written by %s", field, strings.Join(c[field], " and ")))
		}
	}
	return found
}

func identity(object unstructured.Unstructured) string {
	return object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
}

func replicasOf(namespace, kind, name string) string {
	return "the number of replicas of " + kind + " " + namespace + "/" + name
}

func weightsOf(namespace, name string) string {
	return "the weights of VirtualService " + namespace + "/" + name
}

func (c claims) scaler(object unstructured.Unstructured) {
	reference, _, _ := unstructured.NestedStringMap(object.Object, "spec", "scaleTargetRef")
	kind := reference["kind"]
	if kind == "" {
		kind = "Deployment" // KEDA's default
	}
	c.add(replicasOf(object.GetNamespace(), kind, reference["name"]), object.GetKind()+" "+object.GetName())
}

// inferenceService claims the Deployment that KServe makes, and its replicas
// unless something else is said to scale it.
func (c claims) inferenceService(object unstructured.Unstructured) {
	made, writer := object.GetName()+"-predictor", "InferenceService "+object.GetName()
	c.add("Deployment "+object.GetNamespace()+"/"+made, writer)
	if object.GetAnnotations()["serving.kserve.io/autoscalerClass"] != "external" {
		c.add(replicasOf(object.GetNamespace(), "Deployment", made), writer)
	}
}

// virtualService claims its weights, and each host: Istio merges two objects
// about one host at a gateway, and takes the older of them in the mesh.
func (c claims) virtualService(object unstructured.Unstructured) {
	hosts, _, _ := unstructured.NestedStringSlice(object.Object, "spec", "hosts")
	for _, host := range hosts {
		c.add("the routes to "+host, "VirtualService "+object.GetName())
	}
	routes, _, _ := unstructured.NestedSlice(object.Object, "spec", "http")
	for _, route := range routes {
		if strings.Contains(fmt.Sprint(route), "weight:") {
			c.add(weightsOf(object.GetNamespace(), object.GetName()), "git")
			return
		}
	}
}

// rollout claims the weights that Argo Rollouts shifts, step by step.
func (c claims) rollout(object unstructured.Unstructured) {
	name, _, _ := unstructured.NestedString(object.Object, "spec", "strategy", "canary", "trafficRouting", "istio", "virtualService", "name")
	if name != "" {
		c.add(weightsOf(object.GetNamespace(), name), "Rollout "+object.GetName())
	}
}
