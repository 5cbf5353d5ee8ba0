package assayservingimage

import data.lib.models

environment := input.review.namespaceObject.metadata.labels["assay.dev/environment"]

violation contains {"msg": sprintf("a container runs an image that was not scanned for %s", [use.reference])} if {
	some use in models.uses(input.review.object, data.inventory.cluster.v1.ConfigMap.assay.data.repository)
	release := data.inventory.cluster["assay.dev/v1alpha1"].Release[concat(".", [environment, use.digest])]
	not models.served(input.review.object, release.spec.image)
}
