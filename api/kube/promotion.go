package kube

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
// +kubebuilder:printcolumn:name="Message",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:printcolumn:name="Healthy",type=string,priority=1,JSONPath=`.status.exposure.healthy`
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

// Conditions of a promotion besides those of its phases. Reconciling, Stalled,
// Frozen and Soaking are there only while they hold.
const (
	Ready       = "Ready"
	Reconciling = "Reconciling"
	Stalled     = "Stalled"
	Frozen      = "Frozen"  // a freeze holds: judged, and not delivered
	Soaking     = "Soaking" // what is served has not been healthy for long enough to go on
)

// PromotionStatus holds the digests by which each phase is keyed, and one
// condition per phase: Fetched Trained Measured Attested Packed Judged Logged
// Rendered Delivered, and the summary Ready.
type PromotionStatus struct {
	// ObservedGeneration is that of the last commit that ended in Ready or Stalled.
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
	// Exposure is for how long a release was seen healthy here.
	// +optional
	Exposure *Exposure `json:"exposure,omitempty"`
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// Exposure is healthy time, which a soak counts. It is written when it has grown
// by minutes, and not at every look.
type Exposure struct {
	// Release that was healthy; another one begins anew.
	Release string `json:"release"`
	// Healthy time in all.
	Healthy metav1.Duration `json:"healthy"`
	// Seen is the last observation that counted.
	// +optional
	Seen *metav1.Time `json:"seen,omitempty"`
	// Unwell is since when every observation found it degraded.
	// +optional
	Unwell *metav1.Time `json:"unwell,omitempty"`
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

// +kubebuilder:object:root=true

// PromotionList is a list of Promotion.
type PromotionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Promotion `json:"items"`
}
