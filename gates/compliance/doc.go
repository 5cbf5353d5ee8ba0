// Package compliance measures what can be counted of a candidate's paperwork:
// the fields of card.yaml and governance.yaml that say nothing, the people who
// have approved, how long agreements and decisions still hold, what differs from
// the model that a regulator cleared; and whether this program's own statistics
// answer as published.
//
// What a text says of a number is a pointer to a measurement, of whichever gate.
// This gate cannot see those: it states the pointer, and a rule looks it up.
//
// It counts and never decides: how many approvals are enough, and whether a
// date lies in the past, is for the rules in policies/model/compliance. It
// must never import another gate, the judge or Kubernetes.
package compliance
