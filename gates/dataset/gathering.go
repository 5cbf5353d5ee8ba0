package dataset

// gathering is a grouping while its rows go by. The first groups are counted at
// once. The hashes of all others are put aside, to be counted at the end; if
// they are too many, they go through a sieve, and another pass puts aside those
// that may be repeated, or several passes a part of them each.
type gathering struct {
	grouping
	pass, parts int
	early       tallies
	late        int // rows that are not of an early group
	aside       shelves
	limit       int // of hashes put aside
	counted     int // hashes put aside, in all passes
	sieve       *sieve
	found       *groups

	hashes, labels []uint64 // of the rows that go by
}

// maxEarly is how many groups are counted at once: cohorts, not patients.
const maxEarly = 4096

// bytesAside is what a hash that is put aside costs, with its label.
const bytesAside = 16

func newGathering(of grouping, memory int, found *groups) *gathering {
	return &gathering{grouping: of, parts: 1, limit: memory / bytesAside, aside: shelves{labels: len(of.label)}, found: found}
}

// done tells whether all passes are behind.
func (g *gathering) done() bool { return g.sieve == nil || g.pass == g.parts }

func (g *gathering) add(rows *rows) {
	g.hashes, g.labels = cleared(g.hashes, rows.count), cleared(g.labels, rows.count)
	for _, trait := range g.traits {
		trait.mix(rows, g.hashes)
	}
	for _, label := range g.label {
		label.labels(rows, g.labels)
	}
	first := trait{column: g.traits[0].column}
	for row, hash := range g.hashes {
		if !g.present || first.hash(rows.fields[first.column.at], row) != nothing {
			g.put(hash&^1|uint64(rows.sample), g.labels[row])
		}
	}
}

func cleared(words []uint64, length int) []uint64 {
	if cap(words) < length {
		return make([]uint64, length)
	}
	words = words[:length]
	clear(words)
	return words
}

func (g *gathering) put(hash, label uint64) {
	early := g.early.find(hash)
	if g.pass > 0 {
		if early == nil && g.sieve.again(hash) && g.own(hash) {
			g.shelve(hash, label)
		}
		return
	}
	if early == nil && g.early.used < maxEarly {
		early = g.early.insert(hash)
	}
	if early != nil {
		early.count(hash, label)
		return
	}
	if g.late++; g.sieve != nil {
		g.sieve.add(hash)
		return
	}
	g.shelve(hash, label)
}

// own picks the hashes of a pass, of those that passed the sieve.
func (g *gathering) own(hash uint64) bool { return hash>>1%uint64(g.parts) == uint64(g.pass-1) }

func (g *gathering) shelve(hash, label uint64) {
	if g.aside.put(hash, label); g.aside.held <= g.limit {
		return
	}
	switch g.pass {
	case 0:
		g.sieve = newSieve(g.limit * bytesAside / 2)
		for at := range g.aside.shelves {
			g.aside.clear(at, func(hash, _ uint64) { g.sieve.add(hash) })
		}
	case 1:
		g.halve()
	}
}

// halve leaves half of what was put aside to a later pass.
func (g *gathering) halve() {
	g.parts *= 2
	for at := range g.aside.shelves {
		g.aside.clear(at, func(hash, label uint64) {
			if g.own(hash) {
				g.aside.put(hash, label)
			}
		})
	}
}

// finish counts what was put aside in a pass. In the last one, what was never
// put aside is known to be alone.
func (g *gathering) finish() {
	if g.pass == 0 {
		g.early.sum(g.found)
	}
	g.counted += g.aside.held
	var counted tallies
	for at := range g.aside.shelves {
		counted.reset()
		g.aside.clear(at, func(hash, label uint64) {
			tally := counted.find(hash)
			if tally == nil {
				tally = counted.insert(hash)
			}
			tally.count(hash, label)
		})
		counted.sum(g.found)
	}
	if g.done() {
		g.found.addAlone(g.late - g.counted)
	}
}
