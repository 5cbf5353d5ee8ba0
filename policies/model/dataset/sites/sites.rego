# METADATA
# title: "An external holdout comes from other sites"
# custom:
#   clause: "TRIPOD+AI 12d"
#   remedy: "put all patients of a site on one side of the split and complete the site of every row, or call the split random"
package model.dataset.sites

import data.lib

satisfied if stated("external_split") == 0

satisfied if {
	stated("external_split") == 1
	stated("site_overlap") == 0
	stated("site_missing") == 0
}

stated(name) := lib.value(lib.overall("dataset", name))

message := sprintf("split.kind is external, and %v sites are in training and holdout; %v rows have no site", [stated("site_overlap"), stated("site_missing")])
