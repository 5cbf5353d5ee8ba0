package v1alpha1

import (
	"fmt"
	"strings"
)

// Quarantine is quarantines/<name>.yaml: an order that a digest may not run. It
// needs no signature, because it can only deny; removing the file lifts it.
type Quarantine struct {
	Header `yaml:",inline" json:",inline"`
	Spec   QuarantineSpec `yaml:"spec" json:"spec"`
}

// QuarantineSpec is the body of a Quarantine.
type QuarantineSpec struct {
	Digest       string   `yaml:"digest" json:"digest"`                                 // of a model release or of a serving image
	Environments []string `yaml:"environments,omitempty" json:"environments,omitempty"` // all when empty
	Reason       string   `yaml:"reason" json:"reason"`
	By           string   `yaml:"by,omitempty" json:"by,omitempty"` // empty where the commit says so
}

// Bounds of api/kube, whose object clusters keep.
const (
	maxReason = 512 // bytes
	maxBy     = 253
)

func (q *Quarantine) validate() []problem {
	var found problems
	found.digest("spec.digest", q.Spec.Digest)
	found.order(q.Spec.Environments, q.Spec.Reason, q.Spec.By)
	return found
}

// order is what every order says of itself.
func (p *problems) order(environments []string, reason, by string) {
	for i, name := range environments {
		p.name(fmt.Sprintf("spec.environments[%d]", i), name)
	}
	if strings.TrimSpace(reason) == "" || len(reason) > maxReason {
		p.add("spec.reason", "is empty or longer than %d bytes", maxReason)
	}
	if len(by) > maxBy {
		p.add("spec.by", "is longer than %d bytes", maxBy)
	}
}
