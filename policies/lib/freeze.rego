package lib

# frozen tells by which freeze an environment is frozen and until when, of a change
# or a workload that one keeps out.
frozen(subject) := sprintf("%s is frozen by %s (%s) until %s: %s", [input.environment, one.name, whose(one), ends(subject), one.reason]) if {
	one := subject.freezes[0]
}

# whose tells who gave an order. Where the order does not say, the commit does.
whose(order) := order.by if order.by != ""

whose(order) := "nobody says by whom" if order.by == ""

ends(subject) := subject.opens if subject.opens != ""

ends(subject) := "somebody lifts it" if subject.opens == ""
