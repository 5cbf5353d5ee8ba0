# METADATA
# title: "The model says the same of a patient every time it is asked"
# custom:
#   clause: "TRIPOD+AI 27a; 21 CFR 11.10(a)"
#   remedy: "fix the seed of the predicting program, and let it use no randomness and no clock"
package model.performance.deterministic

import data.lib

satisfied if rows == 0

rows := lib.value(lib.overall("performance", "unstable_scores"))

message := sprintf("%v of %v patients got another score the second time", [rows, lib.overall("performance", "unstable_scores").n]) if rows > 0
