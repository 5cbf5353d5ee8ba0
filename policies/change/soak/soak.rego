# METADATA
# title: "A release has served healthily long enough in each environment before"
# custom:
#   clause: "SOC 2 CC7.2 and CC8.1; EU AI Act, article 72; FDA GMLP principle 10"
#   remedy: "wait: only time in which the release was seen to be healthy counts; what was here before may come back at once (assay rollback)"
package change.soak

import data.lib

satisfied if input.change.first == true

satisfied if lib.decimal(input.change.soak) == 0

# What is here has soaked once, and what was here before is the way back.
satisfied if input.change.holds == true

satisfied if input.change.rollback == true

# Each environment is spoken of by itself: one that nobody watched is none that
# the release has served in.
satisfied if {
	count(input.change.after) > 0
	every environment in input.change.after { served(environment) >= wanted }
}

wanted := lib.decimal(input.change.soak)

served(environment) := lib.decimal(one.healthy) if {
	said := [one | some one in input.change.soaks; one.environment == environment]
	count(said) == 1
	one := said[0]
}

message := sprintf("%s has to serve healthily for %v s first, and has: %s", [input.change.model, wanted, concat(", ", told)])

told := [sprintf("in %s %s", [environment, heard(environment)]) | some environment in input.change.after]

heard(environment) := sprintf("%v s", [served(environment)])

default heard(_) := "nobody knows how long"
