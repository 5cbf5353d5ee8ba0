package kube

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Release is a model with its evidence, in every cluster that may serve it.
// It is synced with the workload; the admission webhook believes nothing of it
// but what the signatures prove.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster
// +kubebuilder:printcolumn:name="Model",type=string,JSONPath=`.spec.model`
// +kubebuilder:printcolumn:name="Environment",type=string,JSONPath=`.spec.environment`
// +kubebuilder:printcolumn:name="Digest",type=string,JSONPath=`.spec.digest`
// +kubebuilder:printcolumn:name="Admissible",type=string,JSONPath=`.status.conditions[?(@.type=="Admissible")].status`
// +kubebuilder:printcolumn:name="Until",type=string,JSONPath=`.status.admissibleUntil`
// +kubebuilder:printcolumn:name="Workloads",type=integer,JSONPath=`.status.workloads`
type Release struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              ReleaseSpec `json:"spec"`
	// Status is what the audit says. Nothing is decided by it, but that what runs
	// may start again in a freeze.
	// +optional
	Status ReleaseStatus `json:"status,omitzero"`
}

// ReleaseSpec is a model artifact by digest, and envelopes about it.
type ReleaseSpec struct {
	// +kubebuilder:validation:MaxLength=253
	Model string `json:"model"`
	// Environment never changes: since when a release is here, its object's age tells.
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="another environment is another Release"
	Environment string `json:"environment"`
	// Digest never changes either.
	// +kubebuilder:validation:Pattern=`^sha256:[0-9a-f]{64}$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="another digest is another Release"
	Digest string `json:"digest"`
	// Envelopes are signed statements: Sigstore bundles, as JSON text.
	// +kubebuilder:validation:MaxItems=32
	// +listType=atomic
	Envelopes []string `json:"envelopes"`
}

// Admissible is the condition of a Release that says whether the door would
// let a workload in that uses it.
const Admissible = "Admissible"

// ReleaseStatus is what the audit last found: the verdict of the door on the
// release as it is now, and when that will change.
type ReleaseStatus struct {
	// Conditions has one: Admissible.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	// AdmissibleUntil is the minute from which a rule will deny the release;
	// absent when none is foreseen, or when one denies already.
	// +optional
	AdmissibleUntil *metav1.Time `json:"admissibleUntil,omitempty"`
	// Rule is the first that denies the release, or that will.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Rule string `json:"rule,omitempty"`
	// Workloads is how many run that use the release.
	// +optional
	Workloads int32 `json:"workloads"`
	// Verdict is the digest of the release's verdict as of Judged.
	// +optional
	Verdict string `json:"verdict,omitempty"`
	// Judged is the instant that the verdict is about. A later verdict that says
	// the same is not written.
	// +optional
	Judged *metav1.Time `json:"judged,omitempty"`
	// Policy is the digest of the rules and thresholds.
	// +optional
	Policy string `json:"policy,omitempty"`
}

// +kubebuilder:object:root=true

// ReleaseList is a list of Release.
type ReleaseList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Release `json:"items"`
}
