package crds

import (
	"context"
	"fmt"
	"os"
)

// Sources are the definitions of every kind that Assay renders or is installed
// with, but for KServe's: its module is not served by the Go proxy, so
// testdata/kserve.yaml is a contract of our own, and says so.
var Sources = []Source{
	{"istio.io/api", "v1.31.1", "h1:5Yb5ihcz4YQsCkciusK7DnFpBMwRB6EFWeUKH1Atuyk=", []string{"kubernetes/customresourcedefinitions.gen.yaml"}},
	{"github.com/kedacore/keda/v2", "v2.21.0", "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=", []string{"config/crd/bases/keda.sh_scaledobjects.yaml"}},
	{"github.com/prometheus-operator/prometheus-operator", "v0.85.0", "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=", []string{
		"example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
		"example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
	}},
	{"github.com/external-secrets/external-secrets", "v1.3.2", "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=", []string{
		"config/crds/bases/external-secrets.io_externalsecrets.yaml",
		"config/crds/bases/external-secrets.io_secretstores.yaml",
	}},
	{"github.com/cert-manager/cert-manager", "v1.21.2", "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=", []string{
		"deploy/crds/cert-manager.io_certificates.yaml", "deploy/crds/cert-manager.io_issuers.yaml",
	}},
	{"github.com/argoproj/argo-cd/v3", "v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=", []string{
		"manifests/crds/applicationset-crd.yaml", "manifests/crds/appproject-crd.yaml",
	}},
}

// ours are the definitions that lie in this repository.
var ours = []string{
	"testdata/kserve.yaml",
	"../../manifests/system/crd/assay.dev_releases.yaml",
	"../../manifests/system/crd/assay.dev_quarantines.yaml",
	"../../manifests/system/crd/assay.dev_freezes.yaml",
}

// Load reads all definitions.
func Load(ctx context.Context) (*Catalogue, error) {
	var catalogue Catalogue
	for _, name := range ours {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := catalogue.Add(content); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	for _, source := range Sources {
		files, err := source.Read(ctx)
		if err != nil {
			return nil, err
		}
		for name, content := range files {
			if err := catalogue.Add(content); err != nil {
				return nil, fmt.Errorf("reading %s of %s: %w", name, source.Module, err)
			}
		}
	}
	return &catalogue, nil
}
