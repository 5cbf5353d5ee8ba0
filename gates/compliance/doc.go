// Package compliance measures what can be counted of a candidate's paperwork:
// the fields of the model card that say nothing, the people who have approved,
// and how long the data-use agreement and the ethics decision still hold.
//
// It counts and never decides: how many approvals are enough, and whether a
// date lies in the past, is for the rules in policies/model/compliance. It
// must never import another gate, the judge or Kubernetes.
package compliance
