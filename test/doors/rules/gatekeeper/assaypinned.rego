package assaypinned

import data.lib.models

violation contains {"msg": sprintf("%s names the model by %q, which is not a digest", [use.how, use.reference])} if {
	some use in models.uses(input.review.object, data.inventory.cluster.v1.ConfigMap.assay.data.repository)
	not models.pinned(use.digest)
}
