package kube

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Freeze is an order that no model comes into an environment that was not there
// before, while it holds: in a window, again and again, or until the object is
// deleted. The admission webhook keeps it whoever wrote it, since it can only deny.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster
// +kubebuilder:printcolumn:name="Environments",type=string,JSONPath=`.spec.environments`
// +kubebuilder:printcolumn:name="Until",type=string,JSONPath=`.spec.until`
// +kubebuilder:printcolumn:name="Schedule",type=string,JSONPath=`.spec.schedule`
// +kubebuilder:printcolumn:name="By",type=string,JSONPath=`.spec.by`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.spec.reason`
type Freeze struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              FreezeSpec `json:"spec"`
}

// FreezeSpec says when and where nothing new may come. A window that cannot be
// read always holds.
type FreezeSpec struct {
	// Reason that people are told.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Reason string `json:"reason"`
	// By whom; empty where the commit that brought it says so.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	By string `json:"by,omitempty"`
	// Environments in which it holds; all when empty.
	// +optional
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=253
	// +listType=atomic
	Environments []string `json:"environments,omitempty"`
	// From is when a window begins that comes once (RFC 3339).
	// +optional
	// +kubebuilder:validation:MaxLength=128
	From string `json:"from,omitempty"`
	// Until is when it ends.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	Until string `json:"until,omitempty"`
	// Schedule is when a window begins that comes again: the five fields of cron.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	Schedule string `json:"schedule,omitempty"`
	// Duration of such a window, as 60h.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	Duration string `json:"duration,omitempty"`
	// Zone whose clocks the schedule means, as Europe/Paris; UTC when empty.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	Zone string `json:"zone,omitempty"`
	// Known are the digests of models that were there before, and may come: the
	// reconciler lists what the environment's branch holds.
	// +optional
	// +kubebuilder:validation:MaxItems=4096
	// +kubebuilder:validation:items:MaxLength=71
	// +listType=atomic
	Known []string `json:"known,omitempty"`
}

// +kubebuilder:object:root=true

// FreezeList is a list of Freeze.
type FreezeList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Freeze `json:"items"`
}
