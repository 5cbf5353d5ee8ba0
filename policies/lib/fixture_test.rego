# METADATA
# description: What the tests of rules have in common. Questions as gates/judge states them.
package fixture

import data.lib

# Text that is not a decimal number, or that another reader takes for one.
garbage := {"garbage", "-0", "1e9", "-1e9", "null", "true", "NaN", "Infinity", "0x10", " 1", "1 ", "+1", "1,5", "01", ".5", "5.", ""}

now := "1795435200" # 2026-11-23T12:00:00Z

an_hour_ago := "1795431600"

next_year := "1826971200"

# measured asks, in production, about a model of which one gate has spoken.
measured(gate, measurements) := asked({gate: measurements})

asked(measurements) := {
	"environment": "production", "profile": "production", "time": now,
	"model": {
		"name": "breast-malignancy", "digest": digest("a"),
		"facts": {"task": "binary", "purpose": "detection", "riskClass": "moderate"},
		"measurements": measurements, "named": named(measurements), "one": one(measurements),
		"provenance": 1, "problems": [],
	},
}

# What gates/judge arranges: lists by name, and what is alone by name and group.
named(measurements) := {gate: {m.name: of(list, m.name) | some m in list} | some gate, list in measurements}

one(measurements) := {gate: {m.name: {x.group: x | some x in of(list, m.name); alone(list, x)} | some m in list} |
	some gate, list in measurements
}

of(list, name) := [m | some m in list; m.name == name]

alone(list, m) if count([x | some x in of(list, m.name); x.group == m.group]) == 1

# silent asks about a model of which no gate has spoken.
silent := asked({})

# digressing asks about a model of which every gate has spoken of something else.
digressing := asked({gate: [number("weather", "0")] | some gate in ["dataset", "performance", "bias", "compliance", "security"]})

in_profile(question, profile) := object.union(question, {"profile": profile})

with_facts(question, facts) := object.union(question, {"model": {"facts": facts}})

number(name, text) := about(name, "", text)

about(name, group, text) := read({"name": name, "value": text, "n": 100, "group": group})

explained(name, group, text, method) := object.union(about(name, group, text), {"method": method})

interval(name, low, text, high) := interval_about(name, "", low, text, high)

interval_about(name, group, low, text, high) := read({"name": name, "value": text, "n": 100, "group": group, "low": low, "high": high})

# read gives a measurement the numbers that gates/judge reads of its texts.
read(m) := object.union(m, {"number": lib.decimal(m.value), "from": lib.decimal(m.low), "to": lib.decimal(m.high)}) if {
	lib.decimal(m.value)
	lib.decimal(m.low) <= lib.decimal(m.high)
} else := object.union(m, {"number": lib.decimal(m.value)}) if {
	lib.decimal(m.value)
} else := m

# instead are the measurements of a list, with others in the place of those of
# their names.
instead(list, others) := array.concat([m | some m in list; not m.name in {other.name | some other in others}], others)

# spoilt are intervals that cannot be read: of whichever number is garbage, the
# others would satisfy one rule or another.
spoilt(name, group) := [interval_about(name, group, three[0], three[1], three[2]) | some three in unreadable]

unreadable contains [text, "0.95", "0.96"] if some text in garbage

unreadable contains [text, "0", "0.01"] if some text in garbage

unreadable contains ["0.95", "0.95", text] if some text in garbage

unreadable contains [text, text, text] if some text in garbage

unreadable contains ["0.9", text, "0.95"] if some text in garbage

unreadable contains ["-0.95", text, "-0.9"] if some text in garbage

unreadable contains ["1", "0.5", "0"] # the ends in the wrong order

digest(letter) := concat("", ["sha256:", concat("", [letter | some _ in numbers.range(1, 64)])])

# workload asks, in production, about a Pod with these containers and models.
workload(images, models) := {
	"environment": "production", "profile": "production", "time": now,
	"workload": {
		"operation": "create", "kind": "Pod", "namespace": "models", "name": "predictor",
		"images": images, "models": models, "volumes": [],
	},
}

# mounts asks about a Pod with these volumes beside its model.
mounts(volumes) := object.union(uses({}), {"workload": {"volumes": volumes}})

# volume is storage that the operator named; a test says what differs.
volume(different) := object.union(
	{"name": "reports", "kind": "persistentVolumeClaim", "where": "spec.volumes[0]", "allowed": true},
	different,
)

image(letter) := {
	"container": "predictor", "reference": concat("", ["registry/predictor@", digest(letter)]),
	"digest": digest(letter), "clear": true,
}

# use is how a workload should reach its model; a test says what differs.
use(different) := object.union(
	{
		"reference": concat("", ["registry/models/breast-malignancy@", digest("a")]),
		"where": "spec.volumes[0].image", "how": "image_volume", "name": "breast-malignancy",
		"digest": digest("a"), "released": true, "admitted": true, "image": digest("b"), "clear": true, "thawed": true,
	},
	different,
)

# uses asks about a Pod with one good use of a model and one that differs.
uses(different) := workload([image("b")], [use({}), use(different)])

# speechless are workloads of which nobody said what models they use.
speechless := [{}, {"workload": {}}, workload([], "garbage"), workload([], null), workload([], {})]
