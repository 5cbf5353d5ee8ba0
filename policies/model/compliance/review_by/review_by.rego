# METADATA
# title: "The model is looked at anew before long, and the day has not passed"
# custom:
#   control: CMP-035
#   clause: "ISO 13485:2016, 5.6.1; ISO 14971:2019, 10.4; FDA, good machine learning practice, principle 10"
#   remedy: "review the model, or retire it; then write the day of the next review into spec.reviewBy of models/<model>/governance.yaml"
package model.compliance.review_by

import data.lib

satisfied if {
	left > 0
	left <= limit
}

day := lib.overall("compliance", "review_by")

left := (lib.value(day) - lib.now) / 86400

limit := lib.limits.compliance.review_days_max

message := sprintf("the model is to be reviewed by %s, limit %v days from now", [lib.day(day), limit])
