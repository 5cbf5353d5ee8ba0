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
}

# all lists the measurements of that name, whatever their group.
all(gate, name) := [m | some m in input.model.measurements[gate]; m.name == name]

# one is the measurement of that name and group. Two of them contradict each
# other, so then there is none.
one(gate, name, group) := m if {
	found := [x | some x in input.model.measurements[gate]; x.name == name; x.group == group]
	count(found) == 1
	m := found[0]
}

# overall is the measurement of that name about the whole.
overall(gate, name) := one(gate, name, "")

value(m) := decimal(m.value)

low(m) := decimal(m.low)

high(m) := decimal(m.high)

# measured holds when the gate answered at all. `every` over nothing is true,
# so a rule about "every cohort" says first that the gate spoke.
measured(gate) if count(input.model.measurements[gate]) > 0

# sum of the values of that name over all groups; undefined if one of them is
# not a number.
total(gate, name) := sum([value(m) | some m in all(gate, name)]) if {
	every m in all(gate, name) { is_number(value(m)) }
}

# The interval decides, not the point: at least, the whole interval lies at or
# above the limit; straddles, it holds the limit, so that more patients would
# settle it.
at_least(m, limit) if low(m) >= limit

at_most(m, limit) if high(m) <= limit

straddles(m, limit) if {
	low(m) < limit
	high(m) >= limit
}

exceeds_within(m, limit) if {
	low(m) <= limit
	high(m) > limit
}

# interval is the number as people read it.
interval(m) := sprintf("%s (95%% interval %s to %s, n = %d)", [short(m.value), short(m.low), short(m.high), m.n])

short(text) := sprintf("%v", [round(decimal(text) * 1000) / 1000])

binary if input.model.facts.task == "binary"

survival if input.model.facts.task == "survival"

# seconds of the instant that is asked about.
now := decimal(input.time)
