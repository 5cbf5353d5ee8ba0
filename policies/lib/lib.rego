# METADATA
# description: How rules read evidence. Every helper is undefined for what is missing, malformed or ambiguous.
package lib

# A rule is asked about the profile of the environment; an unknown profile has
# no limits, so nothing that needs one is satisfied.
limits := data.thresholds.profiles[input.profile]

# decimal reads strict decimal text and nothing else: to_number(null),
# to_number(false) and to_number(" 1") would all give a number.
decimal(text) := to_number(text) if {
	is_string(text)
	count(text) <= 1100
	regex.match(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`, text)
	text != "-0"
}

# named lists the measurements of that name, whatever their group.
default named(_, _) := []

named(gate, name) := input.model.named[gate][name]

# one is the measurement of that name and group. Two of them contradict each
# other, so then there is none.
one(gate, name, group) := input.model.one[gate][name][group]

# overall is the measurement of that name about the whole.
overall(gate, name) := input.model.one[gate][name][""]

# gates/judge has read the texts of a measurement, once for all rules: what is no
# decimal number is not there, nor are the ends of an interval that is not whole.
value(m) := m.number

low(m) := m.from

high(m) := m.to

ends(m) := [m.from, m.to]

# measured holds when the gate answered at all. `every` over nothing is true,
# so a rule about "every cohort" says first that the gate spoke.
measured(gate) if count(input.model.measurements[gate]) > 0

# per_column lists what was measured under those names, one for each column that
# names cohorts. A column without one, with two, or with one that cannot be read
# is a column nobody compared, and then there is no list.
per_column(names) := found if {
	found := [m | some name in names; some m in named("bias", name)]
	count(found) == overall("bias", "group_columns").number
	every m in found { m.to }
}

# total is the sum of the values of that name over all groups; undefined if one
# of them is not a number, or if there is none: nothing counted is not 0.
total(gate, name) := sum(values) if {
	values := [m.number | some m in named(gate, name)]
	count(values) == count(named(gate, name))
	count(values) > 0
}

# total_if_any is for what is counted only where somebody asked for it, as values
# out of a range that a contract may not name: then nothing counted is 0.
total_if_any(gate, name) := total(gate, name)

total_if_any(gate, name) := 0 if {
	measured(gate)
	named(gate, name) == []
}

# The interval decides, not the point: at least, the whole interval lies at or
# above the limit; straddles, it holds the limit, so that more patients would
# settle it.
at_least(m, limit) if m.from >= limit

at_most(m, limit) if m.to <= limit

straddles(m, limit) if {
	m.from < limit
	m.to >= limit
}

exceeds_within(m, limit) if {
	m.from <= limit
	m.to > limit
}

# interval is the number as people read it.
interval(m) := sprintf("%s (95%% interval %s to %s, n = %d)", [short(m.value), short(m.low), short(m.high), m.n])

short(text) := sprintf("%v", [round(decimal(text) * 1000) / 1000])

binary if input.model.facts.task == "binary"

survival if input.model.facts.task == "survival"

# seconds of the instant that is asked about.
now := decimal(input.time)
