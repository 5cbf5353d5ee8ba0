# The answer of an OPA server to an AdmissionReview: the same five rules, over the
# releases as data.
package system

import data.lib.models

main := {
	"apiVersion": "admission.k8s.io/v1",
	"kind": "AdmissionReview",
	"response": response,
}

response := {"uid": input.request.uid, "allowed": true} if count(violations) == 0

else := {"uid": input.request.uid, "allowed": false, "status": {"code": 403, "reason": "Forbidden", "message": concat("\n", violations)}}

pod := input.request.object

environment := data.namespaces[input.request.namespace]

uses := models.uses(pod, data.repository)

violations contains "the namespace has no environment" if not environment

violations contains sprintf("%s names the model by %q, which is not a digest", [use.how, use.reference]) if {
	some use in uses
	not models.pinned(use.digest)
}

violations contains sprintf("it reaches a model by %s (%q)", [use.how, use.reference]) if {
	some use in uses
	use.how != "image_volume"
}

violations contains sprintf("%s was never promoted to %s", [use.reference, environment]) if {
	some use in uses
	not data.releases[environment][use.digest]
}

violations contains sprintf("the evidence of %s does not pass in %s", [use.reference, environment]) if {
	some use in uses
	release := data.releases[environment][use.digest]
	not release.admitted
}

violations contains sprintf("a container runs an image that was not scanned for %s", [use.reference]) if {
	some use in uses
	release := data.releases[environment][use.digest]
	not models.served(pod, release.image)
}
