package assayreleased

import data.lib.models

environment := input.review.namespaceObject.metadata.labels["assay.dev/environment"]

violation contains {"msg": "the namespace has no environment"} if not environment

violation contains {"msg": sprintf("%s was never promoted to %s", [use.reference, environment])} if {
	some use in models.uses(input.review.object, data.inventory.cluster.v1.ConfigMap.assay.data.repository)
	not data.inventory.cluster["assay.dev/v1alpha1"].Release[concat(".", [environment, use.digest])]
}
