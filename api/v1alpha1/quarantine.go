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
	for i, name := range q.Spec.Environments {
		found.name(fmt.Sprintf("spec.environments[%d]", i), name)
	}
	if strings.TrimSpace(q.Spec.Reason) == "" || len(q.Spec.Reason) > maxReason {
		found.add("spec.reason", "is empty or longer than %d bytes", maxReason)
	}
	if len(q.Spec.By) > maxBy {
		found.add("spec.by", "is longer than %d bytes", maxBy)
	}
	return found
}
