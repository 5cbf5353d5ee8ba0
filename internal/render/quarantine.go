package render

import (
	"bytes"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// QuarantineFile is where an environment branch holds its quarantines: beside the
// models, so that none of them takes it along when it is withdrawn.
const QuarantineFile = "quarantines.yaml"

// Quarantines gives the objects by which the clusters of an environment know what
// must not run; nothing where there are none. They are synced before everything
// else. Their names end in the environment's: two branches may feed one cluster.
func Quarantines(environment string, orders []v1alpha1.Quarantine) ([]byte, error) {
	if !dnsLabel.MatchString(environment) {
		return nil, fmt.Errorf("rendering quarantines: %.80q is no environment's name", environment)
	}
	var documents [][]byte
	for _, order := range orders {
		object := Quarantine(order)
		object.Name += "." + environment
		object.Annotations = map[string]string{syncWave: "-3"}
		object.Labels = map[string]string{"assay.dev/environment": environment}
		document, err := yaml.Marshal(object)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
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
