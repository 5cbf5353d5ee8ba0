# METADATA
# title: "What the model learns was known on the index date, and a later holdout is later"
# custom:
#   clause: "TRIPOD+AI 12a; Kaufman 2012, doi:10.1145/2382577.2382579"
#   remedy: "take out features that are dated after the index date; complete the index date of every row; split at a day, not at random, where split.kind is temporal"
package model.dataset.temporal

import data.lib

# A contract that names no index date claims nothing about time.
satisfied if {
	stated("temporal_split") == 0
	stated("index_date_declared") == 0
}

satisfied if {
	stated("index_date_declared") == 1
	stated("index_date_unusable") == 0
	count(dated) == stated("dated_features")
	every m in dated { lib.value(m) == 0 }
	apart
}

apart if stated("temporal_split") == 0

apart if {
	stated("temporal_split") == 1
	stated("temporal_overlap") == 0
}

stated(name) := lib.value(lib.overall("dataset", name))

dated := lib.named("dataset", "features_after_index")

message := concat(", ", problems) if count(problems) > 0

problems contains "split.kind is temporal, and no indexDate is named" if {
	stated("temporal_split") == 1
	stated("index_date_declared") == 0
}

problems contains sprintf("%v rows have no usable index date", [stated("index_date_unusable")]) if stated("index_date_unusable") > 0

problems contains sprintf("%v rows of the holdout are no later than training", [stated("temporal_overlap")]) if stated("temporal_overlap") > 0

problems contains sprintf("%s is later than the index date in %v rows", [m.group, lib.value(m)]) if {
	some m in dated
	lib.value(m) > 0
}
