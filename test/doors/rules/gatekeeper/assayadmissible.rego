package assayadmissible

import data.lib.models

environment := input.review.namespaceObject.metadata.labels["assay.dev/environment"]

violation contains {"msg": sprintf("the evidence of %s does not pass in %s", [use.reference, environment])} if {
	some use in models.uses(input.review.object, data.inventory.cluster.v1.ConfigMap.assay.data.repository)
	release := data.inventory.cluster["assay.dev/v1alpha1"].Release[concat(".", [environment, use.digest])]
	not release.spec.admitted
}
