package kube

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Repository is a promotion repository that the reconciler watches.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=repo
// +kubebuilder:printcolumn:name="URL",type=string,JSONPath=`.spec.url`
// +kubebuilder:printcolumn:name="Commit",type=string,JSONPath=`.status.commit`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
type Repository struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              RepositorySpec   `json:"spec"`
	Status            RepositoryStatus `json:"status,omitempty"`
}

// RepositorySpec says where the repository is.
type RepositorySpec struct {
	// URL of the git remote.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	URL string `json:"url"`
	// Branch that holds the merged truth.
	// +kubebuilder:default=main
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9][A-Za-z0-9._/]*$`
	Branch string `json:"branch,omitempty"`
	// Interval between two looks at the remote.
	// +kubebuilder:default="1m"
	Interval metav1.Duration `json:"interval,omitempty"`
}

// RepositoryStatus is what the reconciler last saw.
type RepositoryStatus struct {
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Commit whose promotions were reconciled last.
	// +optional
	Commit string `json:"commit,omitempty"`
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// Promotion is one model in one environment: how far the merged commit has
// become true. The reconciler writes it; people read it.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:printcolumn:name="Model",type=string,JSONPath=`.spec.model`
// +kubebuilder:printcolumn:name="Environment",type=string,JSONPath=`.spec.environment`
// +kubebuilder:printcolumn:name="Release",type=string,JSONPath=`.status.release`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
type Promotion struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              PromotionSpec   `json:"spec"`
	Status            PromotionStatus `json:"status,omitempty"`
}

// PromotionSpec names the file in the repository that this object stands for.
type PromotionSpec struct {
	Repository  string `json:"repository"`
	Environment string `json:"environment"`
	Model       string `json:"model"`
	// Commit of the repository that is being made true.
	Commit string `json:"commit"`
}

// PromotionStatus holds the digests by which each phase is keyed, and one
// condition per phase: Fetched Trained Measured Attested Packed Judged Logged
// Rendered Delivered, and the summary Ready.
type PromotionStatus struct {
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Release that was judged.
	// +optional
	Release string `json:"release,omitempty"`
	// Outputs of the phases, by phase.
	// +optional
	// +listType=map
	// +listMapKey=phase
	Outputs []PhaseOutput `json:"outputs,omitempty"`
	// Findings of the verdict.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	Findings []Finding `json:"findings,omitempty"`
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// PhaseOutput is what a phase made of its inputs.
type PhaseOutput struct {
	Phase string `json:"phase"`
	// Input is the digest of everything that the phase read.
	Input string `json:"input"`
	// Output is the digest of what it made.
	Output string `json:"output"`
}

// Finding is one unmet rule.
type Finding struct {
	Rule     string `json:"rule"`
	State    string `json:"state"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Remedy   string `json:"remedy"`
}

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
	// Status is what the audit says; nothing is decided by it.
	// +optional
	Status ReleaseStatus `json:"status,omitzero"`
}

// ReleaseSpec is a model artifact by digest, and envelopes about it.
type ReleaseSpec struct {
	// +kubebuilder:validation:MaxLength=253
	Model string `json:"model"`
	// +kubebuilder:validation:MaxLength=253
	Environment string `json:"environment"`
	// +kubebuilder:validation:Pattern=`^sha256:[0-9a-f]{64}$`
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

// RepositoryList is a list of Repository.
type RepositoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Repository `json:"items"`
}

// +kubebuilder:object:root=true

// PromotionList is a list of Promotion.
type PromotionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Promotion `json:"items"`
}

// +kubebuilder:object:root=true

// ReleaseList is a list of Release.
type ReleaseList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Release `json:"items"`
}
