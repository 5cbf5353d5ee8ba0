package assaymounted

import data.lib.models

violation contains {"msg": sprintf("it reaches a model by %s (%q)", [use.how, use.reference])} if {
	some use in models.uses(input.review.object, data.inventory.cluster.v1.ConfigMap.assay.data.repository)
	use.how != "image_volume"
}
