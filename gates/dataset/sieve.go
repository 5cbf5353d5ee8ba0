package dataset

import "math/bits"

// sieve tells hashes that come once from those that may come again, in two
// bits for each of many places: in most files hardly any row repeats another,
// and who is alone in his place needs no counting (Bloom 1970, CACM 13:422).
type sieve struct{ once, twice []uint64 }

// newSieve takes no more than so many bytes.
func newSieve(bytes int) *sieve {
	words := 1 << max(0, bits.Len(uint(bytes/16))-1)
	return &sieve{make([]uint64, words), make([]uint64, words)}
}

// place is the same for both samples.
func (s *sieve) place(hash uint64) (word int, bit uint64) {
	place := hash >> 1 & uint64(64*len(s.once)-1)
	return int(place / 64), 1 << (place % 64)
}

func (s *sieve) add(hash uint64) {
	word, bit := s.place(hash)
	s.twice[word] |= s.once[word] & bit
	s.once[word] |= bit
}

// again holds for hashes whose place was taken more than once.
func (s *sieve) again(hash uint64) bool {
	word, bit := s.place(hash)
	return s.twice[word]&bit != 0
}
