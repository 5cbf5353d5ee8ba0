package floor

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Name is that of the policy, its binding and its list.
const Name = "assay-floor"

// Floor writes the list.
type Floor struct {
	client       client.Client // reads from the API server: a cache would hold every ConfigMap
	key          client.ObjectKey
	repositories func() []string
}

// New keeps the list in a namespace. The repositories are those in which an
// image is a model, as the door knows them.
func New(cluster *rest.Config, namespace string, repositories func() []string) (*Floor, error) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	known := meta.NewDefaultRESTMapper(nil) // so that nothing is asked before there is something to write
	known.Add(corev1.SchemeGroupVersion.WithKind("ConfigMap"), meta.RESTScopeNamespace)
	direct, err := client.New(cluster, client.Options{Scheme: scheme, Mapper: known})
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	return &Floor{direct, client.ObjectKey{Namespace: namespace, Name: Name}, repositories}, nil
}

// Publish makes the list say which digests are admissible now, by environment:
// whatever the door would admit, by its evidence or by a broken glass. It
// writes only what differs, and it takes away what others have written: a line
// that somebody added is a model that nobody judged. A cluster without the list
// has no floor, and needs none. What cannot be written leaves the list as it is.
func (f *Floor) Publish(ctx context.Context, admissible map[string][]string) error {
	data, err := list(admissible, f.repositories())
	if err != nil {
		return fmt.Errorf("publishing the floor: %w", err)
	}
	err = retry.RetryOnConflict(retry.DefaultRetry, func() error { return f.write(ctx, data) })
	if err != nil {
		return fmt.Errorf("publishing the floor as %s: %w", f.key, err)
	}
	return nil
}

func (f *Floor) write(ctx context.Context, data map[string]string) error {
	var published corev1.ConfigMap
	err := f.client.Get(ctx, f.key, &published)
	switch {
	case apierrors.IsNotFound(err):
		return nil
	case err != nil:
		return err
	case maps.Equal(published.Data, data) && len(published.BinaryData) == 0:
		return nil
	}
	published.Data, published.BinaryData = data, nil
	return f.client.Update(ctx, &published)
}
