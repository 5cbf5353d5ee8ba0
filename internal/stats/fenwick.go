package stats

// fenwick keeps sums over ranks 1..n; adding to a rank and summing up to one
// take log n steps (Fenwick 1994, Softw Pract Exp 24:327).
type fenwick []float64

func newFenwick(ranks int) fenwick { return make(fenwick, ranks+1) }

func (f fenwick) add(rank int, amount float64) {
	for ; rank < len(f); rank += rank & -rank {
		f[rank] += amount
	}
}

func (f fenwick) sum(rank int) float64 {
	sum := 0.0
	for ; rank > 0; rank -= rank & -rank {
		sum += f[rank]
	}
	return sum
}
