package kube

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Quarantine is an order that a digest may not run: a model, or an image that
// serves one. The admission webhook keeps it whoever wrote it, since it can only
// deny.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster
// +kubebuilder:printcolumn:name="Digest",type=string,JSONPath=`.spec.digest`
// +kubebuilder:printcolumn:name="By",type=string,JSONPath=`.spec.by`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.spec.reason`
type Quarantine struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              QuarantineSpec `json:"spec"`
}

// QuarantineSpec says what must not run, and where.
type QuarantineSpec struct {
	// Digest of a model release or of an image.
	// +kubebuilder:validation:Pattern=`^sha256:[0-9a-f]{64}$`
	Digest string `json:"digest"`
	// Environments in which it must not run; all when empty.
	// +optional
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=253
	// +listType=atomic
	Environments []string `json:"environments,omitempty"`
	// Reason that people are told.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Reason string `json:"reason"`
	// By whom; empty where the commit that brought it says so.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	By string `json:"by,omitempty"`
}

// BreakGlass lets one release run in one namespace for some hours although rules
// deny it. Nothing of it is believed but what the signature proves; the fields
// beside the envelope are for people, and must say the same.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,path=breakglasses,singular=breakglass
// +kubebuilder:printcolumn:name="Model",type=string,JSONPath=`.spec.model`
// +kubebuilder:printcolumn:name="Environment",type=string,JSONPath=`.spec.environment`
// +kubebuilder:printcolumn:name="Namespace",type=string,JSONPath=`.spec.namespace`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type BreakGlass struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              BreakGlassSpec `json:"spec"`
}

// BreakGlassSpec is a signed statement, and what it is about.
type BreakGlassSpec struct {
	// +kubebuilder:validation:MaxLength=253
	Model string `json:"model"`
	// +kubebuilder:validation:Pattern=`^sha256:[0-9a-f]{64}$`
	Digest string `json:"digest"`
	// +kubebuilder:validation:MaxLength=253
	Environment string `json:"environment"`
	// +kubebuilder:validation:MaxLength=253
	Namespace string `json:"namespace"`
	// Envelope is the signed statement: a Sigstore bundle, as JSON text.
	// +kubebuilder:validation:MaxLength=65536
	Envelope string `json:"envelope"`
}

// +kubebuilder:object:root=true

// QuarantineList is a list of Quarantine.
type QuarantineList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Quarantine `json:"items"`
}

// +kubebuilder:object:root=true

// BreakGlassList is a list of BreakGlass.
type BreakGlassList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []BreakGlass `json:"items"`
}
