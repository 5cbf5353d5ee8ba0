# METADATA
# title: "What happens after delivery is watched, and incidents reach somebody in time"
# custom:
#   control: CMP-030
#   clause: "EU AI Act, articles 72 and 73; SOC 2 CC7.2 to CC7.4; 21 CFR 803"
#   remedy: "fill spec.monitoring of models/<model>/governance.yaml: metrics that are measured, each with the floor or ceiling of an alarm, how often (such as 720h), who takes reports, and within how many days incidents are reported"
package model.compliance.monitoring

import data.lib

satisfied if {
	lib.value(unlimited) == 0
	lib.all_pointed("compliance", "monitoring_pointer", lib.value(metrics))
	lib.value(interval) >= limits.monitoring_interval_seconds_min
	lib.value(interval) / 86400 <= limits.monitoring_interval_days_max
	lib.value(route) == 1
	lib.value(serious) >= 1
	lib.value(serious) <= limits.serious_incident_days_max
	lib.value(critical) >= 1
	lib.value(critical) <= limits.critical_incident_days_max
}

limits := lib.limits.compliance

metrics := lib.overall("compliance", "monitoring_metrics")

unlimited := lib.overall("compliance", "monitoring_metrics_unlimited")

interval := lib.overall("compliance", "monitoring_interval")

route := lib.overall("compliance", "incident_route")

serious := lib.overall("compliance", "serious_incident_days")

critical := lib.overall("compliance", "critical_incident_days")

message := sprintf("%s metrics are watched, %s of them without a limit, every %s, limit %v s to %v days; incidents can be told: %s of 1, within %s days (limit 1 to %v), critical ones within %s (limit 1 to %v)%s", [
	metrics.value, unlimited.value, often, limits.monitoring_interval_seconds_min, limits.monitoring_interval_days_max, route.value,
	serious.value, limits.serious_incident_days_max, critical.value, limits.critical_incident_days_max, lib.dangled("monitoring_pointer"),
])

often := sprintf("%s s", [interval.value]) if interval.value != ""

else := interval.method
