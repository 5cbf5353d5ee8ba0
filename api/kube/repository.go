package kube

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ShardLabel on a Repository names the shard that serves it, by its number,
// where the choice is not left to a hash.
const ShardLabel = "assay.dev/shard"

// Repository is a promotion repository that the reconciler watches.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=repo
// +kubebuilder:printcolumn:name="URL",type=string,JSONPath=`.spec.url`
// +kubebuilder:printcolumn:name="Commit",type=string,JSONPath=`.status.commit`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Message",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:printcolumn:name="Suspended",type=boolean,priority=1,JSONPath=`.spec.suspend`
type Repository struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              RepositorySpec   `json:"spec"`
	Status            RepositoryStatus `json:"status,omitempty"`
}

// RepositorySpec says where the repository is, and where people speak about it.
type RepositorySpec struct {
	// URL of the git remote.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	URL string `json:"url"`
	// Credentials is a Secret of this namespace with the keys username and
	// password, for git. Without it, those of the forge are used.
	// +optional
	Credentials *SecretReference `json:"credentials,omitempty"`
	// Branch that holds the merged truth.
	// +kubebuilder:default=main
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9][A-Za-z0-9._/]*$`
	Branch string `json:"branch,omitempty"`
	// Interval between two looks at the remote and at the forge.
	// +kubebuilder:default="1m"
	Interval metav1.Duration `json:"interval,omitempty"`
	// Suspend leaves the repository alone: nothing is judged, nothing delivered.
	// +optional
	Suspend bool `json:"suspend,omitempty"`
	// Forge is where pull requests are; without one nothing looks at them.
	// +optional
	Forge *Forge `json:"forge,omitempty"`
}

// Forge is the place of the conversation about a repository.
//
// +kubebuilder:validation:XValidation:rule="self.provider == 'none' || has(self.project)",message="a forge needs project: owner/name"
// +kubebuilder:validation:XValidation:rule="self.provider != 'gitea' || has(self.url)",message="provider gitea needs url"
// +kubebuilder:validation:XValidation:rule="self.provider == 'none' || has(self.credentials)",message="a forge needs credentials: the name of a Secret"
type Forge struct {
	// Provider is github, gitlab or gitea (also for Forgejo). None means plain git:
	// a branch change/<base>/<name> asks to be merged into <base>.
	// +kubebuilder:validation:Enum=github;gitlab;gitea;none
	Provider string `json:"provider"`
	// Project is the repository's path at the forge: owner/name.
	// +optional
	// +kubebuilder:validation:MaxLength=500
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$`
	Project string `json:"project,omitempty"`
	// URL of the forge (default https://github.com or https://gitlab.com).
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https?://[^@]+$`
	URL string `json:"url,omitempty"`
	// Login is ours, where the credentials cannot ask for it.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Login string `json:"login,omitempty"`
	// Credentials is a Secret of this namespace with the key token, or for a
	// GitHub App with appID, installationID and privateKey.
	// +optional
	Credentials *SecretReference `json:"credentials,omitempty"`
	// Webhooks is a Secret of this namespace; the value of each of its keys is
	// accepted as the secret of a webhook, so that one can be exchanged.
	// +optional
	Webhooks *SecretReference `json:"webhooks,omitempty"`
}

// SecretReference names a Secret in the namespace of who refers to it.
type SecretReference struct {
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// RepositoryStatus is what the reconciler last saw.
type RepositoryStatus struct {
	// ObservedGeneration is that of the last specification that ended in Ready or
	// Stalled.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Commit whose promotions were reconciled last.
	// +optional
	Commit string `json:"commit,omitempty"`
	// Branches are the tips of the merged branch and of the environments' as they
	// were left.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=256
	Branches []Branch `json:"branches,omitempty"`
	// PullRequests are those that are open, the newest of them.
	// +optional
	// +listType=map
	// +listMapKey=number
	// +kubebuilder:validation:MaxItems=100
	PullRequests []PullRequest `json:"pullRequests,omitempty"`
	// Conditions are Ready, Reconciling and Stalled; the latter two are there only
	// while they hold.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// Branch is a branch and the commit that it held.
type Branch struct {
	// +kubebuilder:validation:MaxLength=255
	Name string `json:"name"`
	// +kubebuilder:validation:Pattern=`^([0-9a-f]{40}|[0-9a-f]{64})$`
	Commit string `json:"commit"`
}

// PullRequest is what was last said about an open pull request.
type PullRequest struct {
	Number int64 `json:"number"`
	// Head is the commit that it was said about.
	// +kubebuilder:validation:MaxLength=64
	Head string `json:"head"`
	// Outcome is one word: pending, allowed, denied, undecided.
	// +kubebuilder:validation:MaxLength=64
	Outcome string `json:"outcome"`
	// Link to the pull request, for people.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	Link string `json:"link,omitempty"`
}

// +kubebuilder:object:root=true

// RepositoryList is a list of Repository.
type RepositoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Repository `json:"items"`
}
