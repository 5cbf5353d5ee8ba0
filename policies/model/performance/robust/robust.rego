# METADATA
# title: "Asked about one patient, the model says what it said of all, and never what no patient can have"
# custom:
#   clause: "TRIPOD+AI 27a; FDA, Health Canada and MHRA 2021, GMLP principle 8"
#   remedy: "score a row alone as among others, and refuse a request with values that the model cannot use instead of answering NaN"
package model.performance.robust

import data.lib

satisfied if {
	count_of("requests") > 0
	count_of("inconsistent_scores") == 0
	count_of("invalid_answers") == 0
}

count_of(name) := lib.value(lib.overall("performance", name))

message := sprintf("of %v requests %v were not answered as the same row of the file, and %v answers are no score that a patient can have", [
	count_of("requests"), count_of("inconsistent_scores"), count_of("invalid_answers"),
])
