# METADATA
# title: "No classifier tells holdout from training"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 20c"
#   remedy: "columns hang together differently in the two samples: look for a changed site mix, device or extract, and split again"
package model.dataset.multivariate_drift

import data.lib

satisfied if lib.at_most(found, limit)

inconclusive if lib.exceeds_within(found, limit)

found := lib.overall("dataset", "domain_classifier_auroc")

limit := lib.limits.dataset.domain_classifier_max

message := sprintf("a classifier tells holdout from training with an AUROC of %s, limit %v", [lib.interval(found), limit])
