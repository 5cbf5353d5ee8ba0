package model.compliance.monitoring_test

import data.fixture
import data.model.compliance.monitoring

clean := [
	fixture.number("monitoring_metrics", "1"), fixture.number("monitoring_metrics_unlimited", "0"),
	fixture.about("monitoring_pointer", "monitoring.metrics[0]|performance.auroc||0.9|", "1"),
	fixture.number("monitoring_interval", "2592000"), fixture.number("incident_route", "1"),
	fixture.number("serious_incident_days", "15"), fixture.number("critical_incident_days", "2"),
]

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

asked(measurements) := fixture.asked({"performance": [auroc], "compliance": measurements})

instead(others) := asked(fixture.instead(clean, others))

test_a_model_that_is_watched_satisfies if {
	monitoring.satisfied with input as asked(clean)
	monitoring.satisfied with input as instead([fixture.number("monitoring_interval", "60"), fixture.number("serious_incident_days", "1"), fixture.number("critical_incident_days", "1")])
	monitoring.satisfied with input as instead([fixture.number("monitoring_interval", "7948800")]) # 92 days
}

test_beyond_the_limits_fails if {
	every m in [
		fixture.number("monitoring_interval", "59"), fixture.number("monitoring_interval", "7948801"), fixture.number("monitoring_interval", "-1"),
		fixture.number("serious_incident_days", "0"), fixture.number("serious_incident_days", "16"),
		fixture.number("critical_incident_days", "0"), fixture.number("critical_incident_days", "3"),
		fixture.number("incident_route", "0"), fixture.number("monitoring_metrics_unlimited", "1"), fixture.number("monitoring_metrics", "0"),
	] {
		not monitoring.satisfied with input as instead([m])
		monitoring.message with input as instead([m])
	}
}

test_a_metric_that_is_not_measured_fails if {
	question := instead([fixture.about("monitoring_pointer", "monitoring.metrics[0]|performance.weather||0.9|", "1")])
	not monitoring.satisfied with input as question
	monitoring.message == "1 metrics are watched, 0 of them without a limit, every 2592000 s, limit 60 s to 92 days; incidents can be told: 1 of 1, within 15 days (limit 1 to 15), critical ones within 2 (limit 1 to 2); monitoring.metrics[0]: performance.weather is not measured" with input as question
}

test_now_and_then_is_no_interval if {
	question := instead([fixture.explained("monitoring_interval", "", "", "no duration is given")])
	not monitoring.satisfied with input as question
	contains(monitoring.message, "without a limit, every no duration is given, limit 60 s") with input as question
}

test_silence_watches_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not monitoring.satisfied with input as question
		not monitoring.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_watches_nothing if {
	every m in clean {
		not monitoring.satisfied with input as asked([other | some other in clean; other != m])
		not monitoring.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage { not monitoring.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
}
