package main

import (
	"fmt"
	"slices"
)

// withValues puts what stands for the chart's values into objects.
func withValues(objects []object) {
	for _, one := range objects {
		switch identity(one) {
		case "Deployment/assay-webhook":
			workload(one, "webhook")
			inside(one, "spec")["replicas"] = value("webhook.replicas")
		case "Deployment/assay-audit":
			workload(one, "audit")
		case "Deployment/assay-reconciler":
			workload(one, "reconciler")
			arguments := container(one)["args"].([]any)
			arguments[slices.Index(arguments, any("--key=/keys/assay.key"))] = "<option key reconciler.key>"
		case "ServiceAccount/assay-webhook", "ServiceAccount/assay-audit", "ServiceAccount/assay-reconciler":
			name := inside(one, "metadata")["name"].(string)
			field(inside(one, "metadata"), "annotations", name[len("assay-"):]+".serviceAccountAnnotations")
		case "ConfigMap/assay-webhook-config":
			inside(one, "data")["admission.yaml"] = value("webhook.admission")
		case "PersistentVolumeClaim/assay-audit-log":
			claim(one, "reconciler.log")
		case "PersistentVolumeClaim/assay-admission-log":
			claim(one, "webhook.log")
		}
	}
}

// workload is what every Deployment lets people choose.
func workload(deployment object, name string) {
	template := inside(deployment, "spec", "template")
	field(inside(template, "metadata"), "annotations", name+".podAnnotations")
	inside(template, "metadata", "labels")[fmt.Sprintf("<keys %s.podLabels>", name)] = nil
	for _, key := range []string{"nodeSelector", "tolerations", "imagePullSecrets"} {
		field(inside(template, "spec"), key, name+"."+key)
	}
	main := container(deployment)
	main["image"], main["resources"] = value(name+".image"), value(name+".resources")
	main["args"] = append(main["args"].([]any), fmt.Sprintf("<items %s.extraArgs>", name))
	for _, variable := range main["env"].([]any) {
		if variable := variable.(object); variable["name"] == "GOMEMLIMIT" {
			variable["value"] = value(name + ".goMemoryLimit")
		}
	}
}

func claim(one object, name string) {
	inside(one, "spec", "resources", "requests")["storage"] = value(name + ".size")
	field(inside(one, "spec"), "storageClassName", name+".storageClassName")
}

func container(deployment object) object {
	return inside(deployment, "spec", "template", "spec")["containers"].([]any)[0].(object)
}

func inside(one object, path ...string) object {
	for _, key := range path {
		one = one[key].(object)
	}
	return one
}

func value(name string) string { return fmt.Sprintf("<value %s>", name) }

func field(of object, key, name string) { of[fmt.Sprintf("<field %s %s>", key, name)] = nil }
