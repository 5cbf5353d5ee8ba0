package lib

# all_pointed holds when as many pointers stand under a name as were counted, at
# least one, and each of them holds. `every` over nothing is true, so a pointer
# that was left out of the evidence must be missed.
all_pointed(gate, owner, counted) if {
	found := named(gate, owner)
	counted > 0
	count(found) == counted
	every m in found { pointed(m) }
}

# dangled is what a message adds of pointers that do not hold.
dangled(owner) := concat("", [concat("", ["; ", text]) | some text in dangling(owner)])

# listing is what a message adds of things that were counted and named.
listing(gate, name) := concat("", [" (", concat(", ", groups), ")"]) if {
	groups := {m.group | some m in named(gate, name)}
	count(groups) > 0
} else := ""
