# METADATA
# title: "The model is ready soon, and answers while somebody waits"
# custom:
#   clause: "TRIPOD+AI 27a; Nielsen 1993, Usability Engineering, section 5.5"
#   remedy: "load what a request needs once and not with every request, or serve a smaller model"
package model.performance.latency

import data.lib

satisfied if {
	lib.at_most(request, slowest)
	lib.at_most(load, longest)
}

inconclusive if {
	possible(request, slowest)
	possible(load, longest)
}

# The interval reaches down to the limit; where there were too few requests for
# an interval, what was seen of them keeps to it.
possible(m, limit) if lib.low(m) <= limit

possible(m, limit) if {
	unbounded(m)
	lib.value(m) <= limit
}

unbounded(m) if {
	object.get(m, "low", "") == ""
	object.get(m, "high", "") == ""
}

request := lib.overall("performance", "predict_seconds_p95")

load := lib.overall("performance", "load_seconds")

slowest := lib.limits.performance.predict_p95_seconds_max

longest := lib.limits.performance.load_seconds_max

message := sprintf("95 of 100 requests take at most %s, limit %v s; half of the loads take at most %s, limit %v s", [
	most(request), slowest, most(load), longest,
])

most(m) := sprintf("%s s", [lib.short(m.high)]) if lib.high(m)

most(m) := sprintf("%s s or more: %d are too few to tell", [lib.short(m.value), m.n]) if unbounded(m)
