# METADATA
# title: "The change is on record, with its risk, its tests and the way back"
# custom:
#   control: CMP-014
#   clause: "SOC 2 CC8.1 and CC7.4; ICH E6(R3) 4.3"
#   remedy: "write the record, the risk class of the change (low, moderate or high), what was tested and how to go back into spec.change of models/<model>/governance.yaml; review a change that was declared an emergency, and write the day"
package model.compliance.change_record

import data.lib

satisfied if {
	lib.value(recorded) == 1
	lib.value(classed) == 1
	lib.value(tested) == 1
	lib.value(rollback) == 1
	lib.value(emergency) == 0
}

satisfied if {
	lib.value(recorded) == 1
	lib.value(classed) == 1
	lib.value(tested) == 1
	lib.value(rollback) == 1
	lib.value(emergency) == 1
	reviewed_in_time
}

recorded := lib.overall("compliance", "change_record")

classed := lib.overall("compliance", "change_risk_class")

tested := lib.overall("compliance", "change_tests")

rollback := lib.overall("compliance", "change_rollback")

emergency := lib.overall("compliance", "emergency")

declared := lib.overall("compliance", "emergency_declared")

review := lib.overall("compliance", "emergency_review")

reviewed := lib.overall("compliance", "emergency_reviewed")

limit := lib.limits.compliance.emergency_review_days_max

days_after(later, earlier) := floor((later - earlier) / 86400)

# A review that is still to come has until the limit, counted from the day of the
# declaration; neither day may be one that is announced.
reviewed_in_time if {
	lib.value(review) == 0
	lib.value(declared) <= lib.now
	days_after(lib.now, lib.value(declared)) <= limit
}

reviewed_in_time if {
	lib.value(review) == 1
	lib.value(declared) <= lib.value(reviewed)
	lib.value(reviewed) <= lib.now
	days_after(lib.value(reviewed), lib.value(declared)) <= limit
}

message := sprintf("on record: %s of 1, risk class: %s of 1, tests: %s of 1, rollback: %s of 1%s", [
	recorded.value, classed.value, tested.value, rollback.value, urgency,
])

default urgency := ""

urgency := sprintf("; emergency declared %s, not reviewed, limit %v days", [lib.day(declared), limit]) if {
	lib.value(emergency) == 1
	lib.value(review) == 0
}

urgency := sprintf("; emergency declared %s, reviewed %s, limit %v days", [lib.day(declared), lib.day(reviewed), limit]) if {
	lib.value(emergency) == 1
	lib.value(review) == 1
}
