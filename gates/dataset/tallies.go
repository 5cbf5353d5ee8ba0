package dataset

// tallies is a table of groups by hash, with open addressing: it is asked for
// every row of a file, and a map costs several times as much.
type tallies struct {
	slots []tally
	used  int
}

// tally is what is known of one group.
type tally struct {
	group      uint64 // its hash; 0 is an empty slot
	label      uint64 // the first one; 0 is none
	rows       int
	seen       [2]bool // by sample
	conflicted bool    // it has another label
}

// groupOf is the hash without its last bit, which is the sample; never 0.
func groupOf(hash uint64) uint64 { return hash | 1 }

func (t *tallies) find(hash uint64) *tally {
	if len(t.slots) == 0 {
		return nil
	}
	if slot := t.slot(groupOf(hash)); slot.group != 0 {
		return slot
	}
	return nil
}

// slot is that of the group, or the empty one where it belongs.
func (t *tallies) slot(group uint64) *tally {
	mask := uint64(len(t.slots) - 1)
	for at := group >> 8 & mask; ; at = (at + 1) & mask {
		if slot := &t.slots[at]; slot.group == group || slot.group == 0 {
			return slot
		}
	}
}

// insert makes a tally for a group that has none.
func (t *tallies) insert(hash uint64) *tally {
	if 2*t.used >= len(t.slots) {
		before := t.slots
		t.slots = make([]tally, max(1024, 2*len(before)))
		for _, moved := range before {
			if moved.group != 0 {
				*t.slot(moved.group) = moved
			}
		}
	}
	t.used++
	slot := t.slot(groupOf(hash))
	slot.group = groupOf(hash)
	return slot
}

func (t *tallies) reset() {
	clear(t.slots)
	t.used = 0
}

func (t *tally) count(hash, label uint64) {
	t.rows++
	t.seen[hash&1] = true
	switch {
	case label == 0:
	case t.label == 0:
		t.label = label
	case t.label != label:
		t.conflicted = true
	}
}

func (t *tallies) sum(into *groups) {
	for i := range t.slots {
		if t.slots[i].group != 0 {
			into.add(&t.slots[i])
		}
	}
}

// addAlone adds so many groups of one row.
func (g *groups) addAlone(rows int) {
	g.rows += rows
	g.distinct += rows
	g.small += rows
	if rows > 0 {
		g.smallest = 1
	}
}

func (g *groups) add(of *tally) {
	g.rows += of.rows
	g.distinct++
	if of.seen[0] && of.seen[1] {
		g.shared++
	}
	if of.conflicted {
		g.conflicting++
	}
	if g.smallest == 0 || of.rows < g.smallest {
		g.smallest = of.rows
	}
	switch {
	case of.rows < smallCell:
		g.small++
	case of.label != 0:
		g.large++
		if of.conflicted {
			g.mixed++
		}
	}
}
