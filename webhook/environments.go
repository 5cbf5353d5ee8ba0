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

// environmentOf tells the environment of a namespace.
type environmentOf = func(ctx context.Context, namespace string) (string, error)

// EnvironmentsOf reads the label of namespaces. A namespace that cannot be
// looked up is an error: a rule that is skipped because a look-up failed is a
// known way around admission (GO-2025-3652).
//
// What the cache does not hold is asked of the API server: a workload often
// follows its new namespace by less than a watch takes to tell.
func EnvironmentsOf(cached, live client.Reader) environmentOf {
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

// recalled answers from what was known last, until the cluster has told its
// namespaces: without a cluster there is nothing else to go by.
func recalled(last map[string]string, told func() bool, now environmentOf) environmentOf {
	return func(ctx context.Context, name string) (string, error) {
		if environment := last[name]; environment != "" && !told() {
			return environment, nil
		}
		return now(ctx, name)
	}
}

// namespaces lists the enrolled ones, with their environments.
func namespaces(ctx context.Context, cached client.Reader) (map[string]string, error) {
	var list corev1.NamespaceList
	if err := cached.List(ctx, &list, client.HasLabels{EnvironmentLabel}); err != nil {
		return nil, fmt.Errorf("listing namespaces: %w", err)
	}
	enrolled := map[string]string{}
	for _, namespace := range list.Items {
		enrolled[namespace.Name] = namespace.Labels[EnvironmentLabel]
	}
	return enrolled, nil
}
