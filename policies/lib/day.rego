package lib

# day is an instant that was measured, as people write it, or why there is none.
day(m) := time.format(value(m) * 1000000000)

day(m) := m.method if m.value == ""
