package webhook

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// EnvironmentLabel is the label by which a namespace says to which environment
// it belongs.
const EnvironmentLabel = "assay.dev/environment"

// EnvironmentsOf reads the label of namespaces. A namespace that cannot be
// looked up is an error: a rule that is skipped because a look-up failed is a
// known way around admission (GO-2025-3652).
//
// What the cache does not hold is asked of the API server: a workload often
// follows its new namespace by less than a watch takes to tell.
func EnvironmentsOf(cached, live client.Reader) func(context.Context, string) (string, error) {
	return func(ctx context.Context, name string) (string, error) {
		var namespace corev1.Namespace
		err := cached.Get(ctx, client.ObjectKey{Name: name}, &namespace)
		if apierrors.IsNotFound(err) {
			err = live.Get(ctx, client.ObjectKey{Name: name}, &namespace)
		}
		if err != nil {
			return "", fmt.Errorf("looking up namespace %s: %w", name, err)
		}
		environment := namespace.Labels[EnvironmentLabel]
		if environment == "" {
			return "", fmt.Errorf("namespace %s has no label %s", name, EnvironmentLabel)
		}
		return environment, nil
	}
}
