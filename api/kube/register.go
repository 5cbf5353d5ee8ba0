package kube

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion of every object in this package.
var GroupVersion = schema.GroupVersion{Group: "assay.dev", Version: "v1alpha1"}

// AddToScheme makes the objects known to a scheme.
func AddToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(GroupVersion,
		&Repository{}, &RepositoryList{},
		&Promotion{}, &PromotionList{},
		&Release{}, &ReleaseList{},
		&Quarantine{}, &QuarantineList{},
		&Freeze{}, &FreezeList{},
		&BreakGlass{}, &BreakGlassList{},
	)
	metav1.AddToGroupVersion(scheme, GroupVersion)
	return nil
}
