package lib_test

import data.lib

frozen_by(freezes, opens) := told if {
	told := lib.frozen({"freezes": freezes, "opens": opens}) with input as {"environment": "staging"}
}

test_a_freeze_is_told_with_its_end if {
	told := "staging is frozen by a (x@example.org) until 2026-11-30T05:00:00Z: r"
	frozen_by([{"name": "a", "reason": "r", "by": "x@example.org"}, {"name": "b", "reason": "s", "by": ""}], "2026-11-30T05:00:00Z") == told
	frozen_by([{"name": "a", "reason": "r", "by": ""}], "") == "staging is frozen by a (nobody says by whom) until somebody lifts it: r"
}

test_without_a_freeze_nothing_is_told if not frozen_by([], "")
