// Package floor keeps the list by which an API server still tells released
// models from others when nobody asks the door any more: because its
// registration was deleted, edited, or given up in an emergency.
//
// It is a model of a list at a gate. The guard who reads it is a
// ValidatingAdmissionPolicy (manifests/system/floor), which the API server
// evaluates itself; it knows no evidence and no rule, only the digests that the
// judge would admit now. [Floor.Publish] writes them into one ConfigMap.
//
// The floor promises never to be stricter than the door about a model that is
// admissible, but for the moments until the list has followed; and it promises
// nothing else. It sees image volumes and images out of model repositories,
// where the door searches every string of a pod.
//
// The package knows one ConfigMap. It must never import the judge, the door or
// the audit: who is on the list is told to it.
package floor
