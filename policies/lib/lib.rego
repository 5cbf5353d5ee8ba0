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

# named lists the measurements of that name, whatever their group.
named(gate, name) := [m | some m in input.model.measurements[gate]; m.name == name]

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

low(m) := ends(m)[0]

high(m) := ends(m)[1]

# An interval is read whole or not at all: a number that is not one, or ends in
# the wrong order, leave neither end to decide by.
ends(m) := [least, most] if {
	is_number(value(m))
	least := decimal(m.low)
	most := decimal(m.high)
	least <= most
}

# measured holds when the gate answered at all. `every` over nothing is true,
# so a rule about "every cohort" says first that the gate spoke.
measured(gate) if count(input.model.measurements[gate]) > 0

# per_column lists what was measured under those names, one for each column that
# names cohorts. A column without one, with two, or with one that cannot be read
# is a column nobody compared, and then there is no list.
per_column(names) := found if {
	found := [m | some m in input.model.measurements.bias; m.name in names]
	count(found) == value(overall("bias", "group_columns"))
	every m in found { is_number(high(m)) }
}

# sum of the values of that name over all groups; undefined if one of them is
# not a number.
total(gate, name) := sum([value(m) | some m in named(gate, name)]) if {
	every m in named(gate, name) { is_number(value(m)) }
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
