package webhook

import (
	"context"
	"fmt"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// Connect is the way to a cluster of somebody who knows what the door knows, and
// answers no review. Of a Release the status is kept, and of a namespace the
// labels.
func Connect(ctx context.Context, cluster *rest.Config, options Options) (manager.Manager, error) {
	scheme, err := newScheme()
	if err != nil {
		return nil, err
	}
	connected, err := manager.New(cluster, manager.Options{
		Scheme:         scheme,
		MapperProvider: func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return mapper(), nil },
		Cache: cache.Options{
			DefaultTransform: cache.TransformStripManagedFields(),
			ByObject: map[client.Object]cache.ByObject{
				&kube.Release{}:     {Transform: short},
				&corev1.Namespace{}: {Transform: labelled},
			},
		},
		Metrics:                metricsserver.Options{BindAddress: options.MetricsAddress},
		HealthProbeBindAddress: options.HealthAddress,
	})
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	return connected, installed(ctx, connected.GetAPIReader())
}

func labelled(object any) (any, error) {
	if namespace, is := object.(*corev1.Namespace); is {
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: namespace.Name, UID: namespace.UID, ResourceVersion: namespace.ResourceVersion, Labels: namespace.Labels,
		}}, nil
	}
	return object, nil
}

// Excluded are the namespaces about which nobody asks the door, whatever their
// labels: a cluster must be able to heal itself while the door is shut.
var Excluded = []string{"kube-system", "assay-system"}

// Enrolled lists the namespaces about which the door is asked, with their
// environments.
func Enrolled(ctx context.Context, cached client.Reader) (map[string]string, error) {
	enrolled, err := namespaces(ctx, cached)
	for _, name := range Excluded {
		delete(enrolled, name)
	}
	return enrolled, err
}
