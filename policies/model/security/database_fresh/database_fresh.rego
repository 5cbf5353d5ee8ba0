# METADATA
# title: "The vulnerability database was fresh when it was asked"
# custom:
#   clause: "SOC 2 CC7.1"
#   remedy: "let the mirror of the vulnerability database catch up, then run the check again"
package model.security.database_fresh

import data.lib

satisfied if {
	age >= -1
	age <= limit
}

limit := lib.limits.security.database_age_days_max

age := (lib.now - lib.value(lib.overall("security", "vulnerability_database_updated"))) / 86400

message := sprintf("the vulnerability database is %v days old, limit %v", [round(age * 10) / 10, limit])
