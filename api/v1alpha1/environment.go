package v1alpha1

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Environment is environments/<env>/environment.yaml.
type Environment struct {
	Header `yaml:",inline" json:",inline"`
	Spec   EnvironmentSpec `yaml:"spec" json:"spec"`
}

// EnvironmentSpec is the body of an Environment.
type EnvironmentSpec struct {
	After     Names  `yaml:"after,omitempty" json:"after,omitempty"` // the environments a release must have been admitted to before, all of them
	Profile   string `yaml:"profile" json:"profile"`                 // threshold profile: development, staging, production
	Namespace string `yaml:"namespace" json:"namespace"`

	Promote   Handling `yaml:"promote,omitempty" json:"promote,omitempty"`     // who proposes the next release: nobody but people, when empty
	Merge     Handling `yaml:"merge,omitempty" json:"merge,omitempty"`         // who merges what the reconciler proposed and the judge allows
	Soak      Soak     `yaml:"soak,omitempty" json:"soak,omitzero"`            // before a release comes here
	Approvals []string `yaml:"approvals,omitempty" json:"approvals,omitempty"` // roles, each of which somebody who is no author must have approved in
	Rollback  Rollback `yaml:"rollback,omitempty" json:"rollback,omitzero"`    // when the reconciler proposes the way back
}

// Handling says whether people do something, or the reconciler.
type Handling string

// The two ways. Nothing said is Manual.
const (
	Automatic Handling = "automatic"
	Manual    Handling = "manual"
)

// Soak is how long a release must have served healthily in each environment
// that comes before: time in which it was unwell, or nobody looked, does not
// count.
type Soak struct {
	Duration time.Duration `yaml:"duration" json:"duration"`
}

// Rollback is when the reconciler proposes the release that served before: once
// the present one has been unwell for After without a break. Never, when zero.
type Rollback struct {
	After time.Duration `yaml:"after" json:"after"`
}

// Names are written as one name, or as a list of names.
type Names []string

// UnmarshalYAML implements yaml.Unmarshaler.
func (n *Names) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		var name string
		if err := node.Decode(&name); err != nil || name == "" {
			return err
		}
		*n = Names{name}
		return nil
	}
	return node.Decode((*[]string)(n))
}

// MarshalYAML implements yaml.Marshaler.
func (n Names) MarshalYAML() (any, error) { return n.short(), nil }

// MarshalJSON keeps the form that one name has had from the first.
func (n Names) MarshalJSON() ([]byte, error) { return json.Marshal(n.short()) }

func (n Names) short() any {
	if len(n) == 1 {
		return n[0]
	}
	return []string(n)
}

// Bounds of what somebody may ask of an environment.
const (
	maxAfter = 16
	maxWait  = 10_000 * time.Hour // beyond a year of exposure a release is not soaked but forgotten
)

// Roles that people may have, and environments ask for.
var roles = []string{"model_owner", "clinical", "statistician", "security", "quality"}

func (e *Environment) validate() []problem {
	var found problems
	spec := e.Spec
	found.name("spec.profile", spec.Profile)
	found.name("spec.namespace", spec.Namespace)
	found.names("spec.after", spec.After, maxAfter)
	found.handling("spec.promote", spec.Promote)
	found.handling("spec.merge", spec.Merge)
	found.wait("spec.soak.duration", spec.Soak.Duration)
	found.wait("spec.rollback.after", spec.Rollback.After)
	for i, role := range spec.Approvals {
		found.oneOf(fmt.Sprintf("spec.approvals[%d]", i), role, roles...)
		if slices.Contains(spec.Approvals[:i], role) {
			found.add("spec.approvals", "names %q twice", role)
		}
	}
	if first := len(spec.After) == 0; first && (spec.Promote == Automatic || spec.Soak.Duration > 0) {
		found.add("spec.after", "names no environment from which a release could come, nor in which it could soak")
	}
	return found
}

func (p *problems) handling(field string, handling Handling) {
	if handling != "" {
		p.oneOf(field, string(handling), string(Automatic), string(Manual))
	}
}

// names wants each to be a name, and none twice.
func (p *problems) names(field string, names []string, most int) {
	if len(names) > most {
		p.add(field, "names %d, more than %d", len(names), most)
	}
	for i, name := range names {
		p.name(fmt.Sprintf("%s[%d]", field, i), name)
		if slices.Contains(names[:i], name) {
			p.add(field, "names %q twice", name)
		}
	}
}

func (p *problems) wait(field string, wait time.Duration) {
	if wait < 0 || wait > maxWait {
		p.add(field, "%s is not between 0 and %s", wait, maxWait)
	}
}

// Cluster is clusters/<cluster>.yaml.
type Cluster struct {
	Header `yaml:",inline" json:",inline"`
	Spec   ClusterSpec `yaml:"spec" json:"spec"`
}

// ClusterSpec is the body of a Cluster.
type ClusterSpec struct {
	Cloud        string   `yaml:"cloud" json:"cloud"` // aws, azure, gcp or none
	Region       string   `yaml:"region" json:"region"`
	Environments []string `yaml:"environments" json:"environments"`
	Server       string   `yaml:"server,omitempty" json:"server,omitempty"` // Argo CD destination
	Wave         int      `yaml:"wave,omitempty" json:"wave,omitempty"`     // 1 to 9: a wave waits until the one before is healthy; 1 when empty
}

// Waves is how many there may be: the steps of manifests/argocd/waves.yaml.
const Waves = 9

func (c *Cluster) validate() []problem {
	var found problems
	found.oneOf("spec.cloud", c.Spec.Cloud, "aws", "azure", "gcp", "none")
	if c.Spec.Wave < 0 || c.Spec.Wave > Waves {
		found.add("spec.wave", "%d is not between 1 and %d", c.Spec.Wave, Waves)
	}
	return found
}
