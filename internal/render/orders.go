package render

import (
	"bytes"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// Where an environment branch holds its orders: beside the models, so that none of
// them takes one along when it is withdrawn.
const (
	QuarantineFile = "quarantines.yaml"
	FreezeFile     = "freezes.yaml"
)

// maxKnown is the schema's own limit (api/kube FreezeSpec). What is beyond it a door
// knows by its age.
const maxKnown = 4096

// Quarantines gives the objects by which the clusters of an environment know what
// must not run; nothing where there are none.
func Quarantines(environment string, orders []v1alpha1.Quarantine) ([]byte, error) {
	var documents [][]byte
	for _, order := range orders {
		object := Quarantine(order)
		document, err := synced(environment, &object, &object.ObjectMeta)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
}

// Freezes gives the objects by which the clusters of an environment know when
// nothing new may come, and which releases are not new. Each is about this
// environment alone, whose releases those are.
func Freezes(environment string, orders []v1alpha1.Freeze, known []string) ([]byte, error) {
	var documents [][]byte
	for _, order := range orders {
		object := Freeze(order)
		object.Spec.Environments, object.Spec.Known = []string{environment}, known[:min(len(known), maxKnown)]
		document, err := synced(environment, &object, &object.ObjectMeta)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
}

// synced is an order as Argo CD brings it: before everything else, and under a name
// that ends in the environment's, for two branches may feed one cluster.
func synced(environment string, object any, meta *metav1.ObjectMeta) ([]byte, error) {
	if !dnsLabel.MatchString(environment) {
		return nil, fmt.Errorf("rendering orders: %.80q is no environment's name", environment)
	}
	meta.Name += "." + environment
	meta.Annotations = map[string]string{syncWave: "-3"}
	meta.Labels = map[string]string{"assay.dev/environment": environment}
	return yaml.Marshal(object)
}

// Quarantine is the object that a cluster keeps of an order.
func Quarantine(order v1alpha1.Quarantine) kube.Quarantine {
	return kube.Quarantine{
		TypeMeta:   metav1.TypeMeta{APIVersion: kube.GroupVersion.String(), Kind: "Quarantine"},
		ObjectMeta: metav1.ObjectMeta{Name: order.Metadata.Name},
		Spec: kube.QuarantineSpec{
			Digest: order.Spec.Digest, Environments: order.Spec.Environments, Reason: order.Spec.Reason, By: order.Spec.By,
		},
	}
}

// Freeze is the object that a cluster keeps of a freeze.
func Freeze(order v1alpha1.Freeze) kube.Freeze {
	spec := order.Spec
	return kube.Freeze{
		TypeMeta:   metav1.TypeMeta{APIVersion: kube.GroupVersion.String(), Kind: "Freeze"},
		ObjectMeta: metav1.ObjectMeta{Name: order.Metadata.Name},
		Spec: kube.FreezeSpec{
			Reason: spec.Reason, By: spec.By, Environments: spec.Environments,
			From: spec.From, Until: spec.Until, Schedule: spec.Schedule, Duration: spec.Duration, Zone: spec.Zone,
		},
	}
}
