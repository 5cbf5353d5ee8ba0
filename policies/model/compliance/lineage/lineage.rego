# METADATA
# title: "The way from data to this release is on record, and so is how its gates were qualified"
# custom:
#   control: CMP-024
#   clause: "ICH E6(R3) 4.2 and 4.3.4; 21 CFR 11.10(a); ALCOA++"
#   remedy: "run `assay qualify`, keep what it writes, and name version, digest and day in spec.qualification of models/<model>/governance.yaml"
package model.compliance.lineage

import data.lib

satisfied if {
	lib.value(way) == 1
	lib.value(version) == 1
	lib.value(report) == 1
	age >= 0
	age <= limit
}

# The way must lead to the very release that is asked about.
way := lib.one("compliance", "lineage", input.model.digest)

version := lib.overall("compliance", "qualification_version")

report := lib.overall("compliance", "qualification_report")

date := lib.overall("compliance", "qualification_date")

age := (lib.now - lib.value(date)) / 86400

limit := lib.limits.compliance.qualification_age_days_max

message := sprintf("lineage %s: %s of 1; gates qualified on %s, limit %v days ago; version named: %s of 1, report named by digest: %s of 1", [
	way.method, way.value, lib.day(date), limit, version.value, report.value,
])
