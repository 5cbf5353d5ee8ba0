package render

import "fmt"

func (r Release) meshPins() []pin {
	selector := replace("/spec/selector/matchLabels", r.pods())
	path := "/v2/models/" + r.Model
	return []pin{
		{"security.istio.io", "v1", "PeerAuthentication", "serving", []step{selector}},
		{"security.istio.io", "v1", "AuthorizationPolicy", "serving-door", []step{
			selector, replace("/spec/rules/0/from/0/source/principals", []string{"cluster.local/ns/" + r.Namespace + "/sa/waypoint"}),
		}},
		{"security.istio.io", "v1", "AuthorizationPolicy", "serving", []step{
			replace("/spec/targetRefs/0/name", r.served()),
			replace("/spec/rules/0/from/0/source/principals", r.Profile.Clients),
			replace("/spec/rules/0/to/1/operation/paths", []string{path, path + "/*"}),
		}},
		{"networking.istio.io", "v1", "VirtualService", "serving", []step{
			replace("/spec/hosts", []string{r.host()}), replace("/spec/http/0/route/0/destination/host", r.host()),
		}},
		{"networking.istio.io", "v1", "DestinationRule", "serving", []step{replace("/spec/host", r.host())}},
	}
}

func (r Release) secretPins() []pin {
	annotation, provider, vault, account := "eks.amazonaws.com~1role-arn", "aws", "region", "auth/jwt/serviceAccountRef"
	switch r.Profile.Cloud {
	case Azure:
		annotation, provider, vault, account = "azure.workload.identity~1client-id", "azurekv", "vaultUrl", "serviceAccountRef"
	case GCP:
		annotation, provider, vault, account = "iam.gke.io~1gcp-service-account", "gcpsm", "projectID", "auth/workloadIdentity/serviceAccountRef"
	}
	var data []map[string]any
	for _, name := range r.Profile.Secrets {
		data = append(data, map[string]any{"secretKey": name, "remoteRef": map[string]string{
			"key": name, "conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None",
		}})
	}
	at := "/spec/provider/" + provider + "/"
	return []pin{
		{"", "v1", "ServiceAccount", "serving", []step{replace("/metadata/annotations/"+annotation, r.Profile.Identity)}},
		{"external-secrets.io", "v1", "SecretStore", "serving", []step{
			replace(at+vault, r.Profile.Vault), replace(at+account+"/name", r.served()),
		}},
		{"external-secrets.io", "v1", "ExternalSecret", "serving", []step{
			replace("/spec/secretStoreRef/name", r.served()), replace("/spec/target/name", r.served()), replace("/spec/data", data),
		}},
	}
}

func (r Release) monitoringPins() []pin {
	accuracy := fmt.Sprintf("model_accuracy{model=%q}", r.Model)
	steps := []step{replace("/spec/groups/0/name", r.served())} // without a space: see form
	for i, alarm := range []struct{ name, expression string }{
		{"ModelAccuracyLow", accuracy + "<" + r.Profile.AccuracyMin},
		{"ModelAccuracyUnknown", "absent_over_time(" + accuracy + "[1d])"},
		{"ModelRequestSurge", fmt.Sprintf("sum(rate(model_requests_total{model=%q}[1m]))>%d", r.Model, r.Profile.RequestsMax)},
	} {
		at := fmt.Sprintf("/spec/groups/0/rules/%d", i)
		steps = append(steps, test(at+"/alert", alarm.name), replace(at+"/expr", alarm.expression),
			step{"add", at + "/labels/model", r.Model}, step{"add", at + "/labels/environment", r.Environment})
	}
	return []pin{
		{"monitoring.coreos.com", "v1", "ServiceMonitor", "serving", []step{replace("/spec/selector/matchLabels", r.identity())}},
		{"monitoring.coreos.com", "v1", "PrometheusRule", "serving", steps},
	}
}
